// Original file: com/daml/ledger/api/v1/version_service.proto


export interface PartyManagementFeature {
  'max_parties_page_size'?: (number);
}

export interface PartyManagementFeature__Output {
  'max_parties_page_size'?: (number);
}
