// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto


export interface GetNoWaitCommitmentsFromRequest {
  'synchronizer_ids'?: (string)[];
  'participant_uids'?: (string)[];
}

export interface GetNoWaitCommitmentsFromRequest__Output {
  'synchronizer_ids': (string)[];
  'participant_uids': (string)[];
}
