// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface RegisterDomainResponse {
}

export interface RegisterDomainResponse__Output {
}
