// Original file: com/digitalasset/canton/participant/admin/v0/participant_repair_service.proto


export interface PurgeDeactivatedDomainRequest {
  'domain_alias'?: (string);
}

export interface PurgeDeactivatedDomainRequest__Output {
  'domain_alias'?: (string);
}
