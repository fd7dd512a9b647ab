// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface ConnectDomainResponse {
  'connected_successfully'?: (boolean);
}

export interface ConnectDomainResponse__Output {
  'connected_successfully'?: (boolean);
}
