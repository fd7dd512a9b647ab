// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_write_service.proto


export interface AuthorizationSuccess {
  'serialized'?: (Buffer | Uint8Array | string);
}

export interface AuthorizationSuccess__Output {
  'serialized'?: (Buffer);
}
