// Original file: com/digitalasset/canton/admin/participant/v30/participant_status_service.proto


export interface ParticipantStatusRequest {
}

export interface ParticipantStatusRequest__Output {
}
