// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto

import type { PackageDescription as _com_digitalasset_canton_participant_admin_v0_PackageDescription, PackageDescription__Output as _com_digitalasset_canton_participant_admin_v0_PackageDescription__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/PackageDescription.js';

export interface ListPackagesResponse {
  'package_descriptions'?: (_com_digitalasset_canton_participant_admin_v0_PackageDescription)[];
}

export interface ListPackagesResponse__Output {
  'package_descriptions': (_com_digitalasset_canton_participant_admin_v0_PackageDescription__Output)[];
}
