// Original file: com/digitalasset/canton/crypto/v0/crypto.proto

export const HmacAlgorithm = {
  MissingHmacAlgorithm: 'MissingHmacAlgorithm',
  HmacSha256: 'HmacSha256',
} as const;

export type HmacAlgorithm =
  | 'MissingHmacAlgorithm'
  | 0
  | 'HmacSha256'
  | 1

export type HmacAlgorithm__Output = typeof HmacAlgorithm[keyof typeof HmacAlgorithm]
