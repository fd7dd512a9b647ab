// Original file: com/digitalasset/canton/participant/admin/v0/domain_connectivity.proto

import type { DomainConnectionConfig as _com_digitalasset_canton_participant_admin_v0_DomainConnectionConfig, DomainConnectionConfig__Output as _com_digitalasset_canton_participant_admin_v0_DomainConnectionConfig__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/DomainConnectionConfig.js';

export interface _com_digitalasset_canton_participant_admin_v0_ListConfiguredDomainsResponse_Result {
  'config'?: (_com_digitalasset_canton_participant_admin_v0_DomainConnectionConfig | null);
  'connected'?: (boolean);
}

export interface _com_digitalasset_canton_participant_admin_v0_ListConfiguredDomainsResponse_Result__Output {
  'config'?: (_com_digitalasset_canton_participant_admin_v0_DomainConnectionConfig__Output);
  'connected'?: (boolean);
}

export interface ListConfiguredDomainsResponse {
  'results'?: (_com_digitalasset_canton_participant_admin_v0_ListConfiguredDomainsResponse_Result)[];
}

export interface ListConfiguredDomainsResponse__Output {
  'results': (_com_digitalasset_canton_participant_admin_v0_ListConfiguredDomainsResponse_Result__Output)[];
}
