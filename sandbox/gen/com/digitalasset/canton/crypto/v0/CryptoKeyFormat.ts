// Original file: com/digitalasset/canton/crypto/v0/crypto.proto

export const CryptoKeyFormat = {
  MissingCryptoKeyFormat: 'MissingCryptoKeyFormat',
  Tink: 'Tink',
  Der: 'Der',
  Raw: 'Raw',
  Symbolic: 'Symbolic',
} as const;

export type CryptoKeyFormat =
  | 'MissingCryptoKeyFormat'
  | 0
  | 'Tink'
  | 1
  | 'Der'
  | 2
  | 'Raw'
  | 3
  | 'Symbolic'
  | 10000

export type CryptoKeyFormat__Output = typeof CryptoKeyFormat[keyof typeof CryptoKeyFormat]
