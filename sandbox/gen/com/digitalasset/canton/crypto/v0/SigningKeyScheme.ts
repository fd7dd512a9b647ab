// Original file: com/digitalasset/canton/crypto/v0/crypto.proto

export const SigningKeyScheme = {
  MissingSigningKeyScheme: 'MissingSigningKeyScheme',
  Ed25519: 'Ed25519',
  EcDsaP256: 'EcDsaP256',
  EcDsaP384: 'EcDsaP384',
  Sm2: 'Sm2',
} as const;

export type SigningKeyScheme =
  | 'MissingSigningKeyScheme'
  | 0
  | 'Ed25519'
  | 1
  | 'EcDsaP256'
  | 2
  | 'EcDsaP384'
  | 3
  | 'Sm2'
  | 4

export type SigningKeyScheme__Output = typeof SigningKeyScheme[keyof typeof SigningKeyScheme]
