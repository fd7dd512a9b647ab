// Original file: com/daml/ledger/api/v2/crypto.proto

export const SignatureFormat = {
  SIGNATURE_FORMAT_UNSPECIFIED: 'SIGNATURE_FORMAT_UNSPECIFIED',
  SIGNATURE_FORMAT_RAW: 'SIGNATURE_FORMAT_RAW',
  SIGNATURE_FORMAT_DER: 'SIGNATURE_FORMAT_DER',
  SIGNATURE_FORMAT_CONCAT: 'SIGNATURE_FORMAT_CONCAT',
  SIGNATURE_FORMAT_SYMBOLIC: 'SIGNATURE_FORMAT_SYMBOLIC',
} as const;

export type SignatureFormat =
  | 'SIGNATURE_FORMAT_UNSPECIFIED'
  | 0
  | 'SIGNATURE_FORMAT_RAW'
  | 1
  | 'SIGNATURE_FORMAT_DER'
  | 2
  | 'SIGNATURE_FORMAT_CONCAT'
  | 3
  | 'SIGNATURE_FORMAT_SYMBOLIC'
  | 10000

export type SignatureFormat__Output = typeof SignatureFormat[keyof typeof SignatureFormat]
