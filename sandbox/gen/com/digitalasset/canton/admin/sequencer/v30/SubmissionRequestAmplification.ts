// Original file: com/digitalasset/canton/admin/sequencer/v30/sequencer_connection.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';

export interface SubmissionRequestAmplification {
  'factor'?: (number);
  'patience'?: (_google_protobuf_Duration | null);
  'confirmation_response_factor'?: (number);
  'confirmation_response_patience'?: (_google_protobuf_Duration | null);
  '_confirmation_response_factor'?: "confirmation_response_factor";
  '_confirmation_response_patience'?: "confirmation_response_patience";
}

export interface SubmissionRequestAmplification__Output {
  'factor'?: (number);
  'patience'?: (_google_protobuf_Duration__Output);
  'confirmation_response_factor'?: (number);
  'confirmation_response_patience'?: (_google_protobuf_Duration__Output);
  '_confirmation_response_factor'?: "confirmation_response_factor";
  '_confirmation_response_patience'?: "confirmation_response_patience";
}
