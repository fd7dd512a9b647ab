// Original file: com/digitalasset/canton/crypto/v0/crypto.proto

export const SignatureFormat = {
  MissingSignatureFormat: 'MissingSignatureFormat',
  RawSignatureFormat: 'RawSignatureFormat',
} as const;

export type SignatureFormat =
  | 'MissingSignatureFormat'
  | 0
  | 'RawSignatureFormat'
  | 1

export type SignatureFormat__Output = typeof SignatureFormat[keyof typeof SignatureFormat]
