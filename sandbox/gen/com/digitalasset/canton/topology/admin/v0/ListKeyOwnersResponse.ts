// Original file: com/digitalasset/canton/topology/admin/v0/topology_aggregation_service.proto

import type { SigningPublicKey as _com_digitalasset_canton_crypto_v0_SigningPublicKey, SigningPublicKey__Output as _com_digitalasset_canton_crypto_v0_SigningPublicKey__Output } from '../../../../../../com/digitalasset/canton/crypto/v0/SigningPublicKey.js';
import type { EncryptionPublicKey as _com_digitalasset_canton_crypto_v0_EncryptionPublicKey, EncryptionPublicKey__Output as _com_digitalasset_canton_crypto_v0_EncryptionPublicKey__Output } from '../../../../../../com/digitalasset/canton/crypto/v0/EncryptionPublicKey.js';

export interface _com_digitalasset_canton_topology_admin_v0_ListKeyOwnersResponse_Result {
  'domain'?: (string);
  'key_owner'?: (string);
  'signing_keys'?: (_com_digitalasset_canton_crypto_v0_SigningPublicKey)[];
  'encryption_keys'?: (_com_digitalasset_canton_crypto_v0_EncryptionPublicKey)[];
}

export interface _com_digitalasset_canton_topology_admin_v0_ListKeyOwnersResponse_Result__Output {
  'domain'?: (string);
  'key_owner'?: (string);
  'signing_keys': (_com_digitalasset_canton_crypto_v0_SigningPublicKey__Output)[];
  'encryption_keys': (_com_digitalasset_canton_crypto_v0_EncryptionPublicKey__Output)[];
}

export interface ListKeyOwnersResponse {
  'results'?: (_com_digitalasset_canton_topology_admin_v0_ListKeyOwnersResponse_Result)[];
}

export interface ListKeyOwnersResponse__Output {
  'results': (_com_digitalasset_canton_topology_admin_v0_ListKeyOwnersResponse_Result__Output)[];
}
