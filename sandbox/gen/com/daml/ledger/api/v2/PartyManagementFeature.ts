// Original file: com/daml/ledger/api/v2/version_service.proto


export interface PartyManagementFeature {
  'max_parties_page_size'?: (number);
}

export interface PartyManagementFeature__Output {
  'max_parties_page_size'?: (number);
}
