// Original file: com/daml/ledger/api/v2/crypto.proto

export const CryptoKeyFormat = {
  CRYPTO_KEY_FORMAT_UNSPECIFIED: 'CRYPTO_KEY_FORMAT_UNSPECIFIED',
  CRYPTO_KEY_FORMAT_DER: 'CRYPTO_KEY_FORMAT_DER',
  CRYPTO_KEY_FORMAT_RAW: 'CRYPTO_KEY_FORMAT_RAW',
  CRYPTO_KEY_FORMAT_DER_X509_SUBJECT_PUBLIC_KEY_INFO: 'CRYPTO_KEY_FORMAT_DER_X509_SUBJECT_PUBLIC_KEY_INFO',
} as const;

export type CryptoKeyFormat =
  | 'CRYPTO_KEY_FORMAT_UNSPECIFIED'
  | 0
  | 'CRYPTO_KEY_FORMAT_DER'
  | 1
  | 'CRYPTO_KEY_FORMAT_RAW'
  | 2
  | 'CRYPTO_KEY_FORMAT_DER_X509_SUBJECT_PUBLIC_KEY_INFO'
  | 3

export type CryptoKeyFormat__Output = typeof CryptoKeyFormat[keyof typeof CryptoKeyFormat]
