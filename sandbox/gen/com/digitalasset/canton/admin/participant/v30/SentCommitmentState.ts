// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

export const SentCommitmentState = {
  SENT_COMMITMENT_STATE_UNSPECIFIED: 'SENT_COMMITMENT_STATE_UNSPECIFIED',
  SENT_COMMITMENT_STATE_MATCH: 'SENT_COMMITMENT_STATE_MATCH',
  SENT_COMMITMENT_STATE_MISMATCH: 'SENT_COMMITMENT_STATE_MISMATCH',
  SENT_COMMITMENT_STATE_NOT_COMPARED: 'SENT_COMMITMENT_STATE_NOT_COMPARED',
} as const;

export type SentCommitmentState =
  | 'SENT_COMMITMENT_STATE_UNSPECIFIED'
  | 0
  | 'SENT_COMMITMENT_STATE_MATCH'
  | 1
  | 'SENT_COMMITMENT_STATE_MISMATCH'
  | 2
  | 'SENT_COMMITMENT_STATE_NOT_COMPARED'
  | 3

export type SentCommitmentState__Output = typeof SentCommitmentState[keyof typeof SentCommitmentState]
