// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto


export interface SetNoWaitCommitmentsFromRequest {
  'counter_participant_ids'?: (string)[];
  'synchronizer_ids'?: (string)[];
}

export interface SetNoWaitCommitmentsFromRequest__Output {
  'counter_participant_ids': (string)[];
  'synchronizer_ids': (string)[];
}
