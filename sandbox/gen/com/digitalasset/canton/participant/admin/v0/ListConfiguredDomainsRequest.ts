// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface ListConfiguredDomainsRequest {
}

export interface ListConfiguredDomainsRequest__Output {
}
