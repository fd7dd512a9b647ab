// Original file: com/daml/ledger/api/v1/package_service.proto

export const PackageStatus = {
  UNKNOWN: 'UNKNOWN',
  REGISTERED: 'REGISTERED',
} as const;

export type PackageStatus =
  | 'UNKNOWN'
  | 0
  | 'REGISTERED'
  | 1

export type PackageStatus__Output = typeof PackageStatus[keyof typeof PackageStatus]
