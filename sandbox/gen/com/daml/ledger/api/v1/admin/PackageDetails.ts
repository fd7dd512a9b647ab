// Original file: com/daml/ledger/api/v1/admin/package_management_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

export interface PackageDetails {
  'package_id'?: (string);
  'package_size'?: (number | string | Long);
  'known_since'?: (_google_protobuf_Timestamp | null);
  'source_description'?: (string);
}

export interface PackageDetails__Output {
  'package_id'?: (string);
  'package_size'?: (string);
  'known_since'?: (_google_protobuf_Timestamp__Output);
  'source_description'?: (string);
}
