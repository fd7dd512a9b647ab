// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface UnvetDarResponse {
}

export interface UnvetDarResponse__Output {
}
