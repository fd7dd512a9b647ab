// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto


export interface ClearScheduleResponse {
}

export interface ClearScheduleResponse__Output {
}
