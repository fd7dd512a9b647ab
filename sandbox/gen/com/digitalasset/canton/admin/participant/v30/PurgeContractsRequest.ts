// Original file: com/digitalasset/canton/admin/participant/v30/participant_repair_service.proto


export interface PurgeContractsRequest {
  'synchronizer_alias'?: (string);
  'contract_ids'?: (string)[];
  'ignore_already_purged'?: (boolean);
}

export interface PurgeContractsRequest__Output {
  'synchronizer_alias'?: (string);
  'contract_ids': (string)[];
  'ignore_already_purged'?: (boolean);
}
