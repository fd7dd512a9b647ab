// Original file: com/daml/ledger/api/v2/update_service.proto

import type { EventFormat as _com_daml_ledger_api_v2_EventFormat, EventFormat__Output as _com_daml_ledger_api_v2_EventFormat__Output } from '../../../../../com/daml/ledger/api/v2/EventFormat.js';
import type { TransactionShape as _com_daml_ledger_api_v2_TransactionShape, TransactionShape__Output as _com_daml_ledger_api_v2_TransactionShape__Output } from '../../../../../com/daml/ledger/api/v2/TransactionShape.js';

export interface TransactionFormat {
  'event_format'?: (_com_daml_ledger_api_v2_EventFormat | null);
  'transaction_shape'?: (_com_daml_ledger_api_v2_TransactionShape);
}

export interface TransactionFormat__Output {
  'event_format'?: (_com_daml_ledger_api_v2_EventFormat__Output);
  'transaction_shape'?: (_com_daml_ledger_api_v2_TransactionShape__Output);
}
