// Original file: com/digitalasset/canton/topology/admin/v0/topology_manager_read_service.proto

import type { BaseQuery as _com_digitalasset_canton_topology_admin_v0_BaseQuery, BaseQuery__Output as _com_digitalasset_canton_topology_admin_v0_BaseQuery__Output } from '../../../../../../com/digitalasset/canton/topology/admin/v0/BaseQuery.js';
import type { KeyPurpose as _com_digitalasset_canton_crypto_v0_KeyPurpose, KeyPurpose__Output as _com_digitalasset_canton_crypto_v0_KeyPurpose__Output } from '../../../../../../com/digitalasset/canton/crypto/v0/KeyPurpose.js';

export interface _com_digitalasset_canton_topology_admin_v0_ListOwnerToKeyMappingRequest_FilterKeyPurpose {
  'value'?: (_com_digitalasset_canton_crypto_v0_KeyPurpose);
}

export interface _com_digitalasset_canton_topology_admin_v0_ListOwnerToKeyMappingRequest_FilterKeyPurpose__Output {
  'value'?: (_com_digitalasset_canton_crypto_v0_KeyPurpose__Output);
}

export interface ListOwnerToKeyMappingRequest {
  'base_query'?: (_com_digitalasset_canton_topology_admin_v0_BaseQuery | null);
  'filter_key_owner_type'?: (string);
  'filter_key_owner_uid'?: (string);
  'filter_key_purpose'?: (_com_digitalasset_canton_topology_admin_v0_ListOwnerToKeyMappingRequest_FilterKeyPurpose | null);
}

export interface ListOwnerToKeyMappingRequest__Output {
  'base_query'?: (_com_digitalasset_canton_topology_admin_v0_BaseQuery__Output);
  'filter_key_owner_type'?: (string);
  'filter_key_owner_uid'?: (string);
  'filter_key_purpose'?: (_com_digitalasset_canton_topology_admin_v0_ListOwnerToKeyMappingRequest_FilterKeyPurpose__Output);
}
