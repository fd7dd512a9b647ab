// Original file: com/digitalasset/canton/participant/admin/v0/participant_status_service.proto


export interface ParticipantStatusRequest {
}

export interface ParticipantStatusRequest__Output {
}
