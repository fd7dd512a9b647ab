// Original file: com/digitalasset/canton/participant/admin/v0/participant_repair_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';
import type { UInt32Value as _google_protobuf_UInt32Value, UInt32Value__Output as _google_protobuf_UInt32Value__Output } from '../../../../../../google/protobuf/UInt32Value.js';

export interface DownloadRequest {
  'parties'?: (string)[];
  'filter_domain_id'?: (string);
  'timestamp'?: (_google_protobuf_Timestamp | null);
  'protocol_version'?: (string);
  'chunkSize'?: (_google_protobuf_UInt32Value | null);
  'gzip_format'?: (boolean);
  'contract_domain_renames'?: ({[key: string]: string});
  'parties_offboarding'?: (boolean);
}

export interface DownloadRequest__Output {
  'parties': (string)[];
  'filter_domain_id'?: (string);
  'timestamp'?: (_google_protobuf_Timestamp__Output);
  'protocol_version'?: (string);
  'chunkSize'?: (_google_protobuf_UInt32Value__Output);
  'gzip_format'?: (boolean);
  'contract_domain_renames'?: ({[key: string]: string});
  'parties_offboarding'?: (boolean);
}
