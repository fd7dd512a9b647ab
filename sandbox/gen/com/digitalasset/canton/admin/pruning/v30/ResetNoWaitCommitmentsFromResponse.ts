// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto


export interface ResetNoWaitCommitmentsFromResponse {
}

export interface ResetNoWaitCommitmentsFromResponse__Output {
}
