// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_write_service.proto


export interface DropTemporaryTopologyStoreResponse {
}

export interface DropTemporaryTopologyStoreResponse__Output {
}
