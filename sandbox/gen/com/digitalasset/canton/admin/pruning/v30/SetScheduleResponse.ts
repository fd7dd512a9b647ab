// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto


export interface SetScheduleResponse {
}

export interface SetScheduleResponse__Output {
}
