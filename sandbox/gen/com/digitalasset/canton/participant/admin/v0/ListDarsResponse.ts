// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto

import type { DarDescription as _com_digitalasset_canton_participant_admin_v0_DarDescription, DarDescription__Output as _com_digitalasset_canton_participant_admin_v0_DarDescription__Output } from '../../../../../../com/digitalasset/canton/participant/admin/v0/DarDescription.js';

export interface ListDarsResponse {
  'dars'?: (_com_digitalasset_canton_participant_admin_v0_DarDescription)[];
}

export interface ListDarsResponse__Output {
  'dars': (_com_digitalasset_canton_participant_admin_v0_DarDescription__Output)[];
}
