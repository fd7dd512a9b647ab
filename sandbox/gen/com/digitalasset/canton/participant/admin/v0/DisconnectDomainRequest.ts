// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface DisconnectDomainRequest {
  'domain_alias'?: (string);
}

export interface DisconnectDomainRequest__Output {
  'domain_alias'?: (string);
}
