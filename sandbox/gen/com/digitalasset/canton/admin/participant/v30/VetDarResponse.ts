// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface VetDarResponse {
}

export interface VetDarResponse__Output {
}
