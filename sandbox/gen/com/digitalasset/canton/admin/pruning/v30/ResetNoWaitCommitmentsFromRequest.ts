// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto


export interface ResetNoWaitCommitmentsFromRequest {
  'counter_participant_ids'?: (string)[];
  'synchronizer_ids'?: (string)[];
}

export interface ResetNoWaitCommitmentsFromRequest__Output {
  'counter_participant_ids': (string)[];
  'synchronizer_ids': (string)[];
}
