// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface VetDarResponse {
}

export interface VetDarResponse__Output {
}
