// Original file: com/digitalasset/canton/crypto/v30/crypto.proto

export const SigningKeyScheme = {
  SIGNING_KEY_SCHEME_UNSPECIFIED: 'SIGNING_KEY_SCHEME_UNSPECIFIED',
  SIGNING_KEY_SCHEME_ED25519: 'SIGNING_KEY_SCHEME_ED25519',
  SIGNING_KEY_SCHEME_EC_DSA_P256: 'SIGNING_KEY_SCHEME_EC_DSA_P256',
  SIGNING_KEY_SCHEME_EC_DSA_P384: 'SIGNING_KEY_SCHEME_EC_DSA_P384',
} as const;

export type SigningKeyScheme =
  | 'SIGNING_KEY_SCHEME_UNSPECIFIED'
  | 0
  | 'SIGNING_KEY_SCHEME_ED25519'
  | 1
  | 'SIGNING_KEY_SCHEME_EC_DSA_P256'
  | 2
  | 'SIGNING_KEY_SCHEME_EC_DSA_P384'
  | 3

export type SigningKeyScheme__Output = typeof SigningKeyScheme[keyof typeof SigningKeyScheme]
