// Original file: com/digitalasset/canton/protocol/v30/synchronizer_parameters.proto


export interface AcsCommitmentsCatchUpConfig {
  'catchup_interval_skip'?: (number);
  'nr_intervals_to_trigger_catchup'?: (number);
}

export interface AcsCommitmentsCatchUpConfig__Output {
  'catchup_interval_skip'?: (number);
  'nr_intervals_to_trigger_catchup'?: (number);
}
