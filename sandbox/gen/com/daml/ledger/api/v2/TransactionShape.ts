// Original file: com/daml/ledger/api/v2/update_service.proto

export const TransactionShape = {
  TRANSACTION_SHAPE_UNSPECIFIED: 'TRANSACTION_SHAPE_UNSPECIFIED',
  TRANSACTION_SHAPE_ACS_DELTA: 'TRANSACTION_SHAPE_ACS_DELTA',
  TRANSACTION_SHAPE_LEDGER_EFFECTS: 'TRANSACTION_SHAPE_LEDGER_EFFECTS',
} as const;

export type TransactionShape =
  | 'TRANSACTION_SHAPE_UNSPECIFIED'
  | 0
  | 'TRANSACTION_SHAPE_ACS_DELTA'
  | 1
  | 'TRANSACTION_SHAPE_LEDGER_EFFECTS'
  | 2

export type TransactionShape__Output = typeof TransactionShape[keyof typeof TransactionShape]
