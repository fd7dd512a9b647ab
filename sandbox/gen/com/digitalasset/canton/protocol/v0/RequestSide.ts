// Original file: com/digitalasset/canton/protocol/v0/topology.proto

export const RequestSide = {
  MissingRequestSide: 'MissingRequestSide',
  Both: 'Both',
  From: 'From',
  To: 'To',
} as const;

export type RequestSide =
  | 'MissingRequestSide'
  | 0
  | 'Both'
  | 1
  | 'From'
  | 2
  | 'To'
  | 3

export type RequestSide__Output = typeof RequestSide[keyof typeof RequestSide]
