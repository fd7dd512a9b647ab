// Original file: com/digitalasset/canton/admin/participant/v30/participant_repair_service.proto


export interface ImportAcsResponse {
}

export interface ImportAcsResponse__Output {
}
