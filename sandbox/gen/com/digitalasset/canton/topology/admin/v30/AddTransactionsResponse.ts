// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_write_service.proto


export interface AddTransactionsResponse {
}

export interface AddTransactionsResponse__Output {
}
