// Original file: com/daml/ledger/api/v1/admin/package_management_service.proto


export interface ListKnownPackagesRequest {
}

export interface ListKnownPackagesRequest__Output {
}
