// Original file: com/digitalasset/canton/admin/pruning/v30/pruning.proto

import type { PruningSchedule as _com_digitalasset_canton_admin_pruning_v30_PruningSchedule, PruningSchedule__Output as _com_digitalasset_canton_admin_pruning_v30_PruningSchedule__Output } from '../../../../../../com/digitalasset/canton/admin/pruning/v30/PruningSchedule.js';

export interface SetScheduleRequest {
  'schedule'?: (_com_digitalasset_canton_admin_pruning_v30_PruningSchedule | null);
}

export interface SetScheduleRequest__Output {
  'schedule'?: (_com_digitalasset_canton_admin_pruning_v30_PruningSchedule__Output);
}
