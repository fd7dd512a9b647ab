// Original file: com/digitalasset/canton/protocol/v0/topology.proto

export const TopologyChangeOp = {
  Add: 'Add',
  Remove: 'Remove',
  Replace: 'Replace',
} as const;

export type TopologyChangeOp =
  | 'Add'
  | 0
  | 'Remove'
  | 1
  | 'Replace'
  | 2

export type TopologyChangeOp__Output = typeof TopologyChangeOp[keyof typeof TopologyChangeOp]
