// Original file: com/digitalasset/canton/crypto/v30/crypto.proto

export const EncryptionKeySpec = {
  ENCRYPTION_KEY_SPEC_UNSPECIFIED: 'ENCRYPTION_KEY_SPEC_UNSPECIFIED',
  ENCRYPTION_KEY_SPEC_EC_P256: 'ENCRYPTION_KEY_SPEC_EC_P256',
  ENCRYPTION_KEY_SPEC_RSA_2048: 'ENCRYPTION_KEY_SPEC_RSA_2048',
} as const;

export type EncryptionKeySpec =
  | 'ENCRYPTION_KEY_SPEC_UNSPECIFIED'
  | 0
  | 'ENCRYPTION_KEY_SPEC_EC_P256'
  | 1
  | 'ENCRYPTION_KEY_SPEC_RSA_2048'
  | 2

export type EncryptionKeySpec__Output = typeof EncryptionKeySpec[keyof typeof EncryptionKeySpec]
