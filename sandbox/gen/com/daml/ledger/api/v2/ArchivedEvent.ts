// Original file: com/daml/ledger/api/v2/event.proto

import type { Identifier as _com_daml_ledger_api_v2_Identifier, Identifier__Output as _com_daml_ledger_api_v2_Identifier__Output } from '../../../../../com/daml/ledger/api/v2/Identifier.js';
import type { Long } from '@grpc/proto-loader';

export interface ArchivedEvent {
  'offset'?: (number | string | Long);
  'node_id'?: (number);
  'contract_id'?: (string);
  'template_id'?: (_com_daml_ledger_api_v2_Identifier | null);
  'witness_parties'?: (string)[];
  'package_name'?: (string);
}

export interface ArchivedEvent__Output {
  'offset'?: (string);
  'node_id'?: (number);
  'contract_id'?: (string);
  'template_id'?: (_com_daml_ledger_api_v2_Identifier__Output);
  'witness_parties': (string)[];
  'package_name'?: (string);
}
