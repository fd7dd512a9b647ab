// Original file: com/digitalasset/canton/topology/admin/v30/topology_manager_write_service.proto


export interface _com_digitalasset_canton_topology_admin_v30_GenerateTransactionsResponse_GeneratedTransaction {
  'serialized_transaction'?: (Buffer | Uint8Array | string);
  'transaction_hash'?: (Buffer | Uint8Array | string);
}

export interface _com_digitalasset_canton_topology_admin_v30_GenerateTransactionsResponse_GeneratedTransaction__Output {
  'serialized_transaction'?: (Buffer);
  'transaction_hash'?: (Buffer);
}

export interface GenerateTransactionsResponse {
  'generated_transactions'?: (_com_digitalasset_canton_topology_admin_v30_GenerateTransactionsResponse_GeneratedTransaction)[];
}

export interface GenerateTransactionsResponse__Output {
  'generated_transactions': (_com_digitalasset_canton_topology_admin_v30_GenerateTransactionsResponse_GeneratedTransaction__Output)[];
}
