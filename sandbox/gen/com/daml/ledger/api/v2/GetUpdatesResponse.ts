// Original file: com/daml/ledger/api/v2/update_service.proto

import type { Transaction as _com_daml_ledger_api_v2_Transaction, Transaction__Output as _com_daml_ledger_api_v2_Transaction__Output } from '../../../../../com/daml/ledger/api/v2/Transaction.js';
import type { Reassignment as _com_daml_ledger_api_v2_Reassignment, Reassignment__Output as _com_daml_ledger_api_v2_Reassignment__Output } from '../../../../../com/daml/ledger/api/v2/Reassignment.js';
import type { OffsetCheckpoint as _com_daml_ledger_api_v2_OffsetCheckpoint, OffsetCheckpoint__Output as _com_daml_ledger_api_v2_OffsetCheckpoint__Output } from '../../../../../com/daml/ledger/api/v2/OffsetCheckpoint.js';
import type { TopologyTransaction as _com_daml_ledger_api_v2_TopologyTransaction, TopologyTransaction__Output as _com_daml_ledger_api_v2_TopologyTransaction__Output } from '../../../../../com/daml/ledger/api/v2/TopologyTransaction.js';

export interface GetUpdatesResponse {
  'transaction'?: (_com_daml_ledger_api_v2_Transaction | null);
  'reassignment'?: (_com_daml_ledger_api_v2_Reassignment | null);
  'offset_checkpoint'?: (_com_daml_ledger_api_v2_OffsetCheckpoint | null);
  'topology_transaction'?: (_com_daml_ledger_api_v2_TopologyTransaction | null);
  'update'?: "transaction"|"reassignment"|"offset_checkpoint"|"topology_transaction";
}

export interface GetUpdatesResponse__Output {
  'transaction'?: (_com_daml_ledger_api_v2_Transaction__Output);
  'reassignment'?: (_com_daml_ledger_api_v2_Reassignment__Output);
  'offset_checkpoint'?: (_com_daml_ledger_api_v2_OffsetCheckpoint__Output);
  'topology_transaction'?: (_com_daml_ledger_api_v2_TopologyTransaction__Output);
  'update'?: "transaction"|"reassignment"|"offset_checkpoint"|"topology_transaction";
}
