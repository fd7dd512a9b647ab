// Original file: com/digitalasset/canton/protocol/v30/synchronizer_parameters.proto


export interface ParticipantSynchronizerLimits {
  'confirmation_requests_max_rate'?: (number);
}

export interface ParticipantSynchronizerLimits__Output {
  'confirmation_requests_max_rate'?: (number);
}
