// Original file: com/digitalasset/canton/participant/admin/v0/participant_repair_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';

export interface _com_digitalasset_canton_participant_admin_v0_ExportAcsRequest_TargetDomain {
  'domain_id'?: (string);
  'protocol_version'?: (number);
}

export interface _com_digitalasset_canton_participant_admin_v0_ExportAcsRequest_TargetDomain__Output {
  'domain_id'?: (string);
  'protocol_version'?: (number);
}

export interface ExportAcsRequest {
  'parties'?: (string)[];
  'filter_domain_id'?: (string);
  'timestamp'?: (_google_protobuf_Timestamp | null);
  'contract_domain_renames'?: ({[key: string]: _com_digitalasset_canton_participant_admin_v0_ExportAcsRequest_TargetDomain});
  'parties_offboarding'?: (boolean);
}

export interface ExportAcsRequest__Output {
  'parties': (string)[];
  'filter_domain_id'?: (string);
  'timestamp'?: (_google_protobuf_Timestamp__Output);
  'contract_domain_renames'?: ({[key: string]: _com_digitalasset_canton_participant_admin_v0_ExportAcsRequest_TargetDomain__Output});
  'parties_offboarding'?: (boolean);
}
