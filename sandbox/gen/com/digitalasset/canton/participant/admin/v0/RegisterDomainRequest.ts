// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto

import type { DomainConnectionConfig as _com_digitalasset_canton_participant_admin_v0_DomainConnectionConfig, DomainConnectionConfig__Output as _com_digitalasset_canton_participant_admin_v0_DomainConnectionConfig__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/DomainConnectionConfig.js';

export interface RegisterDomainRequest {
  'add'?: (_com_digitalasset_canton_participant_admin_v0_DomainConnectionConfig | null);
}

export interface RegisterDomainRequest__Output {
  'add'?: (_com_digitalasset_canton_participant_admin_v0_DomainConnectionConfig__Output);
}
