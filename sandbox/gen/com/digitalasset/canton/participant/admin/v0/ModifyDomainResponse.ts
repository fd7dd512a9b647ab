// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface ModifyDomainResponse {
}

export interface ModifyDomainResponse__Output {
}
