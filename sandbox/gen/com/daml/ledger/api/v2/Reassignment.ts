// Original file: com/daml/ledger/api/v2/update_service.proto

import type { ReassignmentEvent as _com_daml_ledger_api_v2_ReassignmentEvent, ReassignmentEvent__Output as _com_daml_ledger_api_v2_ReassignmentEvent__Output } from '../../../../../com/daml/ledger/api/v2/ReassignmentEvent.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

export interface Reassignment {
  'update_id'?: (string);
  'command_id'?: (string);
  'workflow_id'?: (string);
  'offset'?: (number | string | Long);
  'events'?: (_com_daml_ledger_api_v2_ReassignmentEvent)[];
  'record_time'?: (_google_protobuf_Timestamp | null);
  'synchronizer_id'?: (string);
}

export interface Reassignment__Output {
  'update_id'?: (string);
  'command_id'?: (string);
  'workflow_id'?: (string);
  'offset'?: (string);
  'events': (_com_daml_ledger_api_v2_ReassignmentEvent__Output)[];
  'record_time'?: (_google_protobuf_Timestamp__Output);
  'synchronizer_id'?: (string);
}
