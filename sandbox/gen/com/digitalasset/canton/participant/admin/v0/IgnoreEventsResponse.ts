// Original file: com/digitalasset/canton/participant/admin/v0/participant_repair_service.proto


export interface IgnoreEventsResponse {
}

export interface IgnoreEventsResponse__Output {
}
