// Original file: com/daml/ledger/api/v1/command_service.proto


export interface SubmitAndWaitForTransactionIdResponse {
  'transaction_id'?: (string);
  'completion_offset'?: (string);
}

export interface SubmitAndWaitForTransactionIdResponse__Output {
  'transaction_id'?: (string);
  'completion_offset'?: (string);
}
