// Original file: com/daml/ledger/api/v2/update_service.proto


export interface ParticipantAuthorizationTopologyFormat {
  'parties'?: (string)[];
}

export interface ParticipantAuthorizationTopologyFormat__Output {
  'parties': (string)[];
}
