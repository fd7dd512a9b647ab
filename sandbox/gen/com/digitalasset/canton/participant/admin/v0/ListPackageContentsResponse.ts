// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto

import type { ModuleDescription as _com_digitalasset_canton_participant_admin_v0_ModuleDescription, ModuleDescription__Output as _com_digitalasset_canton_participant_admin_v0_ModuleDescription__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/ModuleDescription.js';

export interface ListPackageContentsResponse {
  'modules'?: (_com_digitalasset_canton_participant_admin_v0_ModuleDescription)[];
}

export interface ListPackageContentsResponse__Output {
  'modules': (_com_digitalasset_canton_participant_admin_v0_ModuleDescription__Output)[];
}
