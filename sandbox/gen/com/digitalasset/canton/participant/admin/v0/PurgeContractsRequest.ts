// Original file: com/digitalasset/canton/participant/admin/v0/participant_repair_service.proto


export interface PurgeContractsRequest {
  'domain'?: (string);
  'contract_ids'?: (string)[];
  'ignore_already_purged'?: (boolean);
  'offboarded_parties'?: (string)[];
}

export interface PurgeContractsRequest__Output {
  'domain'?: (string);
  'contract_ids': (string)[];
  'ignore_already_purged'?: (boolean);
  'offboarded_parties': (string)[];
}
