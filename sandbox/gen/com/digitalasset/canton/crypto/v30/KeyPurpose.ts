// Original file: com/digitalasset/canton/crypto/v30/crypto.proto

export const KeyPurpose = {
  KEY_PURPOSE_UNSPECIFIED: 'KEY_PURPOSE_UNSPECIFIED',
  KEY_PURPOSE_SIGNING: 'KEY_PURPOSE_SIGNING',
  KEY_PURPOSE_ENCRYPTION: 'KEY_PURPOSE_ENCRYPTION',
} as const;

export type KeyPurpose =
  | 'KEY_PURPOSE_UNSPECIFIED'
  | 0
  | 'KEY_PURPOSE_SIGNING'
  | 1
  | 'KEY_PURPOSE_ENCRYPTION'
  | 2

export type KeyPurpose__Output = typeof KeyPurpose[keyof typeof KeyPurpose]
