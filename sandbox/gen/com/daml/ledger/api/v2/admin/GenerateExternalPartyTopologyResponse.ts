// Original file: com/daml/ledger/api/v2/admin/party_management_service.proto


export interface GenerateExternalPartyTopologyResponse {
  'party_id'?: (string);
  'public_key_fingerprint'?: (string);
  'topology_transactions'?: (Buffer | Uint8Array | string)[];
  'multi_hash'?: (Buffer | Uint8Array | string);
}

export interface GenerateExternalPartyTopologyResponse__Output {
  'party_id'?: (string);
  'public_key_fingerprint'?: (string);
  'topology_transactions': (Buffer)[];
  'multi_hash'?: (Buffer);
}
