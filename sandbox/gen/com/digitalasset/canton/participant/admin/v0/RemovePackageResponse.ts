// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto

import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../../../../google/protobuf/Empty.js';

export interface RemovePackageResponse {
  'success'?: (_google_protobuf_Empty | null);
}

export interface RemovePackageResponse__Output {
  'success'?: (_google_protobuf_Empty__Output);
}
