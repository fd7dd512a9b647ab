// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto


export interface ListAvailableStoresResult {
  'store_ids'?: (string)[];
}

export interface ListAvailableStoresResult__Output {
  'store_ids': (string)[];
}
