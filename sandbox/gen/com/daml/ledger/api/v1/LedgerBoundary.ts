// Original file: com/daml/ledger/api/v1/transaction_service.proto

export const LedgerBoundary = {
  LEDGER_BEGIN: 'LEDGER_BEGIN',
  LEDGER_END: 'LEDGER_END',
} as const;

export type LedgerBoundary =
  | 'LEDGER_BEGIN'
  | 0
  | 'LEDGER_END'
  | 1

export type LedgerBoundary__Output = typeof LedgerBoundary[keyof typeof LedgerBoundary]
