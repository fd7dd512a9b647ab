// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../google/protobuf/Timestamp.js';

export interface _com_digitalasset_canton_protocol_v30_VettedPackages_VettedPackage {
  'package_id'?: (string);
  'valid_from_inclusive'?: (_google_protobuf_Timestamp | null);
  'valid_until_exclusive'?: (_google_protobuf_Timestamp | null);
}

export interface _com_digitalasset_canton_protocol_v30_VettedPackages_VettedPackage__Output {
  'package_id'?: (string);
  'valid_from_inclusive'?: (_google_protobuf_Timestamp__Output);
  'valid_until_exclusive'?: (_google_protobuf_Timestamp__Output);
}

export interface VettedPackages {
  'participant_uid'?: (string);
  'package_ids'?: (string)[];
  'packages'?: (_com_digitalasset_canton_protocol_v30_VettedPackages_VettedPackage)[];
}

export interface VettedPackages__Output {
  'participant_uid'?: (string);
  'package_ids': (string)[];
  'packages': (_com_digitalasset_canton_protocol_v30_VettedPackages_VettedPackage__Output)[];
}
