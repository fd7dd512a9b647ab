// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';

export interface PackageDescription {
  'package_id'?: (string);
  'name'?: (string);
  'version'?: (string);
  'uploaded_at'?: (_google_protobuf_Timestamp | null);
  'size'?: (number);
}

export interface PackageDescription__Output {
  'package_id'?: (string);
  'name'?: (string);
  'version'?: (string);
  'uploaded_at'?: (_google_protobuf_Timestamp__Output);
  'size'?: (number);
}
