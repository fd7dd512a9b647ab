// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto

import type { DarDescription as _com_digitalasset_canton_admin_participant_v30_DarDescription, DarDescription__Output as _com_digitalasset_canton_admin_participant_v30_DarDescription__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/DarDescription.js';
import type { PackageDescription as _com_digitalasset_canton_admin_participant_v30_PackageDescription, PackageDescription__Output as _com_digitalasset_canton_admin_participant_v30_PackageDescription__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/PackageDescription.js';

export interface GetDarContentsResponse {
  'description'?: (_com_digitalasset_canton_admin_participant_v30_DarDescription | null);
  'packages'?: (_com_digitalasset_canton_admin_participant_v30_PackageDescription)[];
}

export interface GetDarContentsResponse__Output {
  'description'?: (_com_digitalasset_canton_admin_participant_v30_DarDescription__Output);
  'packages': (_com_digitalasset_canton_admin_participant_v30_PackageDescription__Output)[];
}
