// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface ReconnectDomainsResponse {
}

export interface ReconnectDomainsResponse__Output {
}
