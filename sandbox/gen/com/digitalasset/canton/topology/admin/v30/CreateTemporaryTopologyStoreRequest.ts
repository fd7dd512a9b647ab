// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_write_service.proto


export interface CreateTemporaryTopologyStoreRequest {
  'name'?: (string);
  'protocol_version'?: (number);
}

export interface CreateTemporaryTopologyStoreRequest__Output {
  'name'?: (string);
  'protocol_version'?: (number);
}
