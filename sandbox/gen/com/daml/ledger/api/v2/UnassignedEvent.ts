// Original file: com/daml/ledger/api/v2/state_service.proto

import type { Identifier as _com_daml_ledger_api_v2_Identifier, Identifier__Output as _com_daml_ledger_api_v2_Identifier__Output } from '../../../../../com/daml/ledger/api/v2/Identifier.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

export interface UnassignedEvent {
  'reassignment_id'?: (string);
  'contract_id'?: (string);
  'template_id'?: (_com_daml_ledger_api_v2_Identifier | null);
  'source'?: (string);
  'target'?: (string);
  'submitter'?: (string);
  'reassignment_counter'?: (number | string | Long);
  'assignment_exclusivity'?: (_google_protobuf_Timestamp | null);
  'witness_parties'?: (string)[];
  'package_name'?: (string);
  'offset'?: (number | string | Long);
  'node_id'?: (number);
}

export interface UnassignedEvent__Output {
  'reassignment_id'?: (string);
  'contract_id'?: (string);
  'template_id'?: (_com_daml_ledger_api_v2_Identifier__Output);
  'source'?: (string);
  'target'?: (string);
  'submitter'?: (string);
  'reassignment_counter'?: (string);
  'assignment_exclusivity'?: (_google_protobuf_Timestamp__Output);
  'witness_parties': (string)[];
  'package_name'?: (string);
  'offset'?: (string);
  'node_id'?: (number);
}
