// Original file: com/digitalasset/canton/crypto/v0/crypto.proto

export const KeyPurpose = {
  UnknownKeyPurpose: 'UnknownKeyPurpose',
  SigningKeyPurpose: 'SigningKeyPurpose',
  EncryptionKeyPurpose: 'EncryptionKeyPurpose',
} as const;

export type KeyPurpose =
  | 'UnknownKeyPurpose'
  | 0
  | 'SigningKeyPurpose'
  | 1
  | 'EncryptionKeyPurpose'
  | 2

export type KeyPurpose__Output = typeof KeyPurpose[keyof typeof KeyPurpose]
