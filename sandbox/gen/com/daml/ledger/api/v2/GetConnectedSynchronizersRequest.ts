// Original file: com/daml/ledger/api/v2/state_service.proto


export interface GetConnectedSynchronizersRequest {
  'party'?: (string);
  'participant_id'?: (string);
  'identity_provider_id'?: (string);
}

export interface GetConnectedSynchronizersRequest__Output {
  'party'?: (string);
  'participant_id'?: (string);
  'identity_provider_id'?: (string);
}
