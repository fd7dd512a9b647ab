// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { TimeRange as _com_digitalasset_canton_admin_participant_v30_TimeRange, TimeRange__Output as _com_digitalasset_canton_admin_participant_v30_TimeRange__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/TimeRange.js';

export interface SynchronizerTimeRange {
  'synchronizer_id'?: (string);
  'interval'?: (_com_digitalasset_canton_admin_participant_v30_TimeRange | null);
  '_interval'?: "interval";
}

export interface SynchronizerTimeRange__Output {
  'synchronizer_id'?: (string);
  'interval'?: (_com_digitalasset_canton_admin_participant_v30_TimeRange__Output);
  '_interval'?: "interval";
}
