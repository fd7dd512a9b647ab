// Original file: com/daml/ledger/api/v1/admin/package_management_service.proto


export interface UploadDarFileResponse {
}

export interface UploadDarFileResponse__Output {
}
