// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface ReconnectDomainsRequest {
  'ignore_failures'?: (boolean);
}

export interface ReconnectDomainsRequest__Output {
  'ignore_failures'?: (boolean);
}
