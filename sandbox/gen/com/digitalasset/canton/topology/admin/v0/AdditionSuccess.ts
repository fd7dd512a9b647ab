// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_write_service.proto


export interface AdditionSuccess {
}

export interface AdditionSuccess__Output {
}
