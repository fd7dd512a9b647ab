// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto


export interface ListAvailableStoresRequest {
}

export interface ListAvailableStoresRequest__Output {
}
