// Original file: com/digitalasset/canton/admin/participant/v30/package_service.proto

import type { DarDescription as _com_digitalasset_canton_admin_participant_v30_DarDescription, DarDescription__Output as _com_digitalasset_canton_admin_participant_v30_DarDescription__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/DarDescription.js';

export interface GetDarResponse {
  'payload'?: (Buffer | Uint8Array | string);
  'data'?: (_com_digitalasset_canton_admin_participant_v30_DarDescription | null);
}

export interface GetDarResponse__Output {
  'payload'?: (Buffer);
  'data'?: (_com_digitalasset_canton_admin_participant_v30_DarDescription__Output);
}
