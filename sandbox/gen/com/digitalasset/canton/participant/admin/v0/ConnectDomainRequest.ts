// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface ConnectDomainRequest {
  'domain_alias'?: (string);
  'retry'?: (boolean);
}

export interface ConnectDomainRequest__Output {
  'domain_alias'?: (string);
  'retry'?: (boolean);
}
