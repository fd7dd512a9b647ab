// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface DisconnectDomainResponse {
}

export interface DisconnectDomainResponse__Output {
}
