// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto


export interface GetScheduleRequest {
}

export interface GetScheduleRequest__Output {
}
