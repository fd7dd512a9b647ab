// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto


export interface _com_digitalasset_canton_participant_admin_v0_ListConnectedDomainsResponse_Result {
  'domain_alias'?: (string);
  'domain_id'?: (string);
  'healthy'?: (boolean);
}

export interface _com_digitalasset_canton_participant_admin_v0_ListConnectedDomainsResponse_Result__Output {
  'domain_alias'?: (string);
  'domain_id'?: (string);
  'healthy'?: (boolean);
}

export interface ListConnectedDomainsResponse {
  'connected_domains'?: (_com_digitalasset_canton_participant_admin_v0_ListConnectedDomainsResponse_Result)[];
}

export interface ListConnectedDomainsResponse__Output {
  'connected_domains': (_com_digitalasset_canton_participant_admin_v0_ListConnectedDomainsResponse_Result__Output)[];
}
