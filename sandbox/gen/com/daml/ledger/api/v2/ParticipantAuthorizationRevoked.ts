// Original file: com/daml/ledger/api/v2/transaction.proto


export interface ParticipantAuthorizationRevoked {
  'party_id'?: (string);
  'participant_id'?: (string);
}

export interface ParticipantAuthorizationRevoked__Output {
  'party_id'?: (string);
  'participant_id'?: (string);
}
