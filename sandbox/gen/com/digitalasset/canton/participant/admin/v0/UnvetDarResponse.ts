// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface UnvetDarResponse {
}

export interface UnvetDarResponse__Output {
}
