// Original file: com/digitalasset/canton/admin/participant/v30/resource_management_service.proto

import type { ResourceLimits as _com_digitalasset_canton_admin_participant_v30_ResourceLimits, ResourceLimits__Output as _com_digitalasset_canton_admin_participant_v30_ResourceLimits__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ResourceLimits.js';

export interface GetResourceLimitsResponse {
  'current_limits'?: (_com_digitalasset_canton_admin_participant_v30_ResourceLimits | null);
}

export interface GetResourceLimitsResponse__Output {
  'current_limits'?: (_com_digitalasset_canton_admin_participant_v30_ResourceLimits__Output);
}
