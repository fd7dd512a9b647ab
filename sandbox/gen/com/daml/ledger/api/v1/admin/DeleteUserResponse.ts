// Original file: com/daml/ledger/api/v1/admin/user_management_service.proto


export interface DeleteUserResponse {
}

export interface DeleteUserResponse__Output {
}
