// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { SigningPublicKey as _com_digitalasset_canton_crypto_v30_SigningPublicKey, SigningPublicKey__Output as _com_digitalasset_canton_crypto_v30_SigningPublicKey__Output } from '../../../../../com/digitalasset/canton/crypto/v30/SigningPublicKey.js';
import type { _com_digitalasset_canton_protocol_v30_Enums_TopologyMappingCode, _com_digitalasset_canton_protocol_v30_Enums_TopologyMappingCode__Output } from '../../../../../com/digitalasset/canton/protocol/v30/Enums.js';

export interface _com_digitalasset_canton_protocol_v30_NamespaceDelegation_CanSignAllButNamespaceDelegations {
}

export interface _com_digitalasset_canton_protocol_v30_NamespaceDelegation_CanSignAllButNamespaceDelegations__Output {
}

export interface _com_digitalasset_canton_protocol_v30_NamespaceDelegation_CanSignAllMappings {
}

export interface _com_digitalasset_canton_protocol_v30_NamespaceDelegation_CanSignAllMappings__Output {
}

export interface _com_digitalasset_canton_protocol_v30_NamespaceDelegation_CanSignSpecificMappings {
  'mappings'?: (_com_digitalasset_canton_protocol_v30_Enums_TopologyMappingCode)[];
}

export interface _com_digitalasset_canton_protocol_v30_NamespaceDelegation_CanSignSpecificMappings__Output {
  'mappings': (_com_digitalasset_canton_protocol_v30_Enums_TopologyMappingCode__Output)[];
}

export interface NamespaceDelegation {
  'namespace'?: (string);
  'target_key'?: (_com_digitalasset_canton_crypto_v30_SigningPublicKey | null);
  'is_root_delegation'?: (boolean);
  'can_sign_all_mappings'?: (_com_digitalasset_canton_protocol_v30_NamespaceDelegation_CanSignAllMappings | null);
  'can_sign_all_but_namespace_delegations'?: (_com_digitalasset_canton_protocol_v30_NamespaceDelegation_CanSignAllButNamespaceDelegations | null);
  'can_sign_specific_mapings'?: (_com_digitalasset_canton_protocol_v30_NamespaceDelegation_CanSignSpecificMappings | null);
  'restriction'?: "can_sign_all_mappings"|"can_sign_all_but_namespace_delegations"|"can_sign_specific_mapings";
}

export interface NamespaceDelegation__Output {
  'namespace'?: (string);
  'target_key'?: (_com_digitalasset_canton_crypto_v30_SigningPublicKey__Output);
  'is_root_delegation'?: (boolean);
  'can_sign_all_mappings'?: (_com_digitalasset_canton_protocol_v30_NamespaceDelegation_CanSignAllMappings__Output);
  'can_sign_all_but_namespace_delegations'?: (_com_digitalasset_canton_protocol_v30_NamespaceDelegation_CanSignAllButNamespaceDelegations__Output);
  'can_sign_specific_mapings'?: (_com_digitalasset_canton_protocol_v30_NamespaceDelegation_CanSignSpecificMappings__Output);
  'restriction'?: "can_sign_all_mappings"|"can_sign_all_but_namespace_delegations"|"can_sign_specific_mapings";
}
