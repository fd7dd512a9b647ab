// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto

import type { PackageDescription as _com_digitalasset_canton_admin_participant_v30_PackageDescription, PackageDescription__Output as _com_digitalasset_canton_admin_participant_v30_PackageDescription__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/PackageDescription.js';

export interface ListPackagesResponse {
  'package_descriptions'?: (_com_digitalasset_canton_admin_participant_v30_PackageDescription)[];
}

export interface ListPackagesResponse__Output {
  'package_descriptions': (_com_digitalasset_canton_admin_participant_v30_PackageDescription__Output)[];
}
