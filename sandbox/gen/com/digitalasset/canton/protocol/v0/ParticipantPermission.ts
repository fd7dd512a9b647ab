// Original file: com/digitalasset/canton/protocol/v0/topology.proto

export const ParticipantPermission = {
  MissingParticipantPermission: 'MissingParticipantPermission',
  Submission: 'Submission',
  Confirmation: 'Confirmation',
  Observation: 'Observation',
  Disabled: 'Disabled',
} as const;

export type ParticipantPermission =
  | 'MissingParticipantPermission'
  | 0
  | 'Submission'
  | 1
  | 'Confirmation'
  | 2
  | 'Observation'
  | 3
  | 'Disabled'
  | 4

export type ParticipantPermission__Output = typeof ParticipantPermission[keyof typeof ParticipantPermission]
