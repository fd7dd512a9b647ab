// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface GetDomainIdRequest {
  'domain_alias'?: (string);
}

export interface GetDomainIdRequest__Output {
  'domain_alias'?: (string);
}
