// Original file: com/daml/ledger/api/v2/update_service.proto

import type { TransactionFormat as _com_daml_ledger_api_v2_TransactionFormat, TransactionFormat__Output as _com_daml_ledger_api_v2_TransactionFormat__Output } from '../../../../../com/daml/ledger/api/v2/TransactionFormat.js';
import type { EventFormat as _com_daml_ledger_api_v2_EventFormat, EventFormat__Output as _com_daml_ledger_api_v2_EventFormat__Output } from '../../../../../com/daml/ledger/api/v2/EventFormat.js';
import type { TopologyFormat as _com_daml_ledger_api_v2_TopologyFormat, TopologyFormat__Output as _com_daml_ledger_api_v2_TopologyFormat__Output } from '../../../../../com/daml/ledger/api/v2/TopologyFormat.js';

export interface UpdateFormat {
  'include_transactions'?: (_com_daml_ledger_api_v2_TransactionFormat | null);
  'include_reassignments'?: (_com_daml_ledger_api_v2_EventFormat | null);
  'include_topology_events'?: (_com_daml_ledger_api_v2_TopologyFormat | null);
}

export interface UpdateFormat__Output {
  'include_transactions'?: (_com_daml_ledger_api_v2_TransactionFormat__Output);
  'include_reassignments'?: (_com_daml_ledger_api_v2_EventFormat__Output);
  'include_topology_events'?: (_com_daml_ledger_api_v2_TopologyFormat__Output);
}
