// Original file: com/digitalasset/canton/crypto/admin/v0/vault_service.proto


export interface ExportKeyPairRequest {
  'fingerprint'?: (string);
  'protocol_version'?: (number);
}

export interface ExportKeyPairRequest__Output {
  'fingerprint'?: (string);
  'protocol_version'?: (number);
}
