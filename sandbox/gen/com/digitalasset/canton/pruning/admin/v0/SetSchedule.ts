// Original file: com/digitalasset/canton/pruning/admin/v0/pruning.proto

import type { PruningSchedule as _com_digitalasset_canton_pruning_admin_v0_PruningSchedule, PruningSchedule__Output as _com_digitalasset_canton_pruning_admin_v0_PruningSchedule__Output } from '../../../../../../com/digitalasset/canton/pruning/admin/v0/PruningSchedule.js';

export interface _com_digitalasset_canton_pruning_admin_v0_SetSchedule_Request {
  'schedule'?: (_com_digitalasset_canton_pruning_admin_v0_PruningSchedule | null);
}

export interface _com_digitalasset_canton_pruning_admin_v0_SetSchedule_Request__Output {
  'schedule'?: (_com_digitalasset_canton_pruning_admin_v0_PruningSchedule__Output);
}

export interface _com_digitalasset_canton_pruning_admin_v0_SetSchedule_Response {
}

export interface _com_digitalasset_canton_pruning_admin_v0_SetSchedule_Response__Output {
}

export interface SetSchedule {
}

export interface SetSchedule__Output {
}
