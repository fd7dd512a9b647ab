// Original file: com/digitalasset/canton/admin/participant/v30/participant_repair_service.proto


export interface PerformLateLsuResponse {
}

export interface PerformLateLsuResponse__Output {
}
