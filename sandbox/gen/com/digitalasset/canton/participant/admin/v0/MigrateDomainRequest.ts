// Original file: com/digitalasset/canton/participant/admin/v0/participant_repair_service.proto

import type { DomainConnectionConfig as _com_digitalasset_canton_participant_admin_v0_DomainConnectionConfig, DomainConnectionConfig__Output as _com_digitalasset_canton_participant_admin_v0_DomainConnectionConfig__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/DomainConnectionConfig.js';
import type { BoolValue as _google_protobuf_BoolValue, BoolValue__Output as _google_protobuf_BoolValue__Output } from '../../../../../../google/protobuf/BoolValue.js';

export interface MigrateDomainRequest {
  'source_alias'?: (string);
  'target_domain_connection_config'?: (_com_digitalasset_canton_participant_admin_v0_DomainConnectionConfig | null);
  'force'?: (_google_protobuf_BoolValue | null);
}

export interface MigrateDomainRequest__Output {
  'source_alias'?: (string);
  'target_domain_connection_config'?: (_com_digitalasset_canton_participant_admin_v0_DomainConnectionConfig__Output);
  'force'?: (_google_protobuf_BoolValue__Output);
}
