// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface ListConnectedDomainsRequest {
}

export interface ListConnectedDomainsRequest__Output {
}
