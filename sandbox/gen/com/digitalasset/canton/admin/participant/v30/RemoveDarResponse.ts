// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto


export interface RemoveDarResponse {
}

export interface RemoveDarResponse__Output {
}
