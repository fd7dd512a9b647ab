// Original file: com/digitalasset/canton/protocol/v2/common.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../google/protobuf/Timestamp.js';
import type { Salt as _com_digitalasset_canton_crypto_v0_Salt, Salt__Output as _com_digitalasset_canton_crypto_v0_Salt__Output } from '../../../../../com/digitalasset/canton/crypto/v0/Salt.js';
import type { GlobalKey as _com_digitalasset_canton_protocol_v2_GlobalKey, GlobalKey__Output as _com_digitalasset_canton_protocol_v2_GlobalKey__Output } from '../../../../../com/digitalasset/canton/protocol/v2/GlobalKey.js';

export interface _com_digitalasset_canton_protocol_v2_SerializableContract_Metadata {
  'non_maintainer_signatories'?: (string)[];
  'non_signatory_stakeholders'?: (string)[];
  'key'?: (_com_digitalasset_canton_protocol_v2_GlobalKey | null);
  'maintainers'?: (string)[];
}

export interface _com_digitalasset_canton_protocol_v2_SerializableContract_Metadata__Output {
  'non_maintainer_signatories': (string)[];
  'non_signatory_stakeholders': (string)[];
  'key'?: (_com_digitalasset_canton_protocol_v2_GlobalKey__Output);
  'maintainers': (string)[];
}

export interface SerializableContract {
  'contract_id'?: (string);
  'raw_contract_instance'?: (Buffer | Uint8Array | string);
  'metadata'?: (_com_digitalasset_canton_protocol_v2_SerializableContract_Metadata | null);
  'ledger_create_time'?: (_google_protobuf_Timestamp | null);
  'contract_salt'?: (_com_digitalasset_canton_crypto_v0_Salt | null);
}

export interface SerializableContract__Output {
  'contract_id'?: (string);
  'raw_contract_instance'?: (Buffer);
  'metadata'?: (_com_digitalasset_canton_protocol_v2_SerializableContract_Metadata__Output);
  'ledger_create_time'?: (_google_protobuf_Timestamp__Output);
  'contract_salt'?: (_com_digitalasset_canton_crypto_v0_Salt__Output);
}
