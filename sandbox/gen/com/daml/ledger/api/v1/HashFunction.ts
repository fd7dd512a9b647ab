// Original file: com/daml/ledger/api/v1/package_service.proto

export const HashFunction = {
  SHA256: 'SHA256',
} as const;

export type HashFunction =
  | 'SHA256'
  | 0

export type HashFunction__Output = typeof HashFunction[keyof typeof HashFunction]
