// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto

import type { DarDescription as _com_digitalasset_canton_admin_participant_v30_DarDescription, DarDescription__Output as _com_digitalasset_canton_admin_participant_v30_DarDescription__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/DarDescription.js';

export interface ListDarsResponse {
  'dars'?: (_com_digitalasset_canton_admin_participant_v30_DarDescription)[];
}

export interface ListDarsResponse__Output {
  'dars': (_com_digitalasset_canton_admin_participant_v30_DarDescription__Output)[];
}
