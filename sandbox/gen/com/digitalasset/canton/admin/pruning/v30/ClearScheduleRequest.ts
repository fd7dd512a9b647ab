// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto


export interface ClearScheduleRequest {
}

export interface ClearScheduleRequest__Output {
}
