// Original file: com/digitalasset/canton/protocol/v0/topology.proto

export const TrustLevel = {
  MissingTrustLevel: 'MissingTrustLevel',
  Ordinary: 'Ordinary',
  Vip: 'Vip',
} as const;

export type TrustLevel =
  | 'MissingTrustLevel'
  | 0
  | 'Ordinary'
  | 1
  | 'Vip'
  | 2

export type TrustLevel__Output = typeof TrustLevel[keyof typeof TrustLevel]
