// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface GetDomainIdResponse {
  'domain_id'?: (string);
}

export interface GetDomainIdResponse__Output {
  'domain_id'?: (string);
}
