// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_write_service.proto


export interface SignedTopologyTransactionAddition {
  'serialized'?: (Buffer | Uint8Array | string);
}

export interface SignedTopologyTransactionAddition__Output {
  'serialized'?: (Buffer);
}
