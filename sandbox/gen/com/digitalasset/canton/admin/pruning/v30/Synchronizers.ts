// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto


export interface Synchronizers {
  'synchronizer_ids'?: (string)[];
}

export interface Synchronizers__Output {
  'synchronizer_ids': (string)[];
}
