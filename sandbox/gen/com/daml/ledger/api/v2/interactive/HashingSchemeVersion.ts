// Original file: com/daml/ledger/api/v2/interactive/interactive_submission_service.proto

export const HashingSchemeVersion = {
  HASHING_SCHEME_VERSION_UNSPECIFIED: 'HASHING_SCHEME_VERSION_UNSPECIFIED',
  HASHING_SCHEME_VERSION_V2: 'HASHING_SCHEME_VERSION_V2',
  HASHING_SCHEME_VERSION_V3: 'HASHING_SCHEME_VERSION_V3',
} as const;

export type HashingSchemeVersion =
  | 'HASHING_SCHEME_VERSION_UNSPECIFIED'
  | 0
  | 'HASHING_SCHEME_VERSION_V2'
  | 2
  | 'HASHING_SCHEME_VERSION_V3'
  | 3

export type HashingSchemeVersion__Output = typeof HashingSchemeVersion[keyof typeof HashingSchemeVersion]
