// Original file: com/digitalasset/canton/admin/participant/v30/participant_repair_service.proto

export const ContractImportMode = {
  CONTRACT_IMPORT_MODE_UNSPECIFIED: 'CONTRACT_IMPORT_MODE_UNSPECIFIED',
  CONTRACT_IMPORT_MODE_ACCEPT: 'CONTRACT_IMPORT_MODE_ACCEPT',
  CONTRACT_IMPORT_MODE_VALIDATION: 'CONTRACT_IMPORT_MODE_VALIDATION',
} as const;

export type ContractImportMode =
  | 'CONTRACT_IMPORT_MODE_UNSPECIFIED'
  | 0
  | 'CONTRACT_IMPORT_MODE_ACCEPT'
  | 1
  | 'CONTRACT_IMPORT_MODE_VALIDATION'
  | 2

export type ContractImportMode__Output = typeof ContractImportMode[keyof typeof ContractImportMode]
