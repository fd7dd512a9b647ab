// Original file: com/digitalasset/canton/participant/admin/v0/inspection_service.proto


export interface _com_digitalasset_canton_participant_admin_v0_LookupContractDomain_Request {
  'contract_id'?: (string)[];
}

export interface _com_digitalasset_canton_participant_admin_v0_LookupContractDomain_Request__Output {
  'contract_id': (string)[];
}

export interface _com_digitalasset_canton_participant_admin_v0_LookupContractDomain_Response {
  'results'?: ({[key: string]: string});
}

export interface _com_digitalasset_canton_participant_admin_v0_LookupContractDomain_Response__Output {
  'results'?: ({[key: string]: string});
}

export interface LookupContractDomain {
}

export interface LookupContractDomain__Output {
}
