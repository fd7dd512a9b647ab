// Original file: com/digitalasset/canton/crypto/admin/v30/vault_service.proto

import type { ListKeysFilters as _com_digitalasset_canton_crypto_admin_v30_ListKeysFilters, ListKeysFilters__Output as _com_digitalasset_canton_crypto_admin_v30_ListKeysFilters__Output } from '../../../../../../com/digitalasset/canton/crypto/admin/v30/ListKeysFilters.js';

export interface ListPublicKeysRequest {
  'filters'?: (_com_digitalasset_canton_crypto_admin_v30_ListKeysFilters | null);
}

export interface ListPublicKeysRequest__Output {
  'filters'?: (_com_digitalasset_canton_crypto_admin_v30_ListKeysFilters__Output);
}
