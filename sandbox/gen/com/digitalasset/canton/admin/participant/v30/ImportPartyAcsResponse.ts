// Original file: com/digitalasset/canton/admin/participant/v30/party_management_service.proto


export interface ImportPartyAcsResponse {
}

export interface ImportPartyAcsResponse__Output {
}
