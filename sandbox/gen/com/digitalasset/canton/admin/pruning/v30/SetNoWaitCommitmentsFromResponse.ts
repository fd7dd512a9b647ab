// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto


export interface SetNoWaitCommitmentsFromResponse {
}

export interface SetNoWaitCommitmentsFromResponse__Output {
}
