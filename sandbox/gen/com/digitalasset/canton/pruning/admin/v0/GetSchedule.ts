// Original file: com/digitalasset/canton/pruning/admin/v0/pruning.proto

import type { PruningSchedule as _com_digitalasset_canton_pruning_admin_v0_PruningSchedule, PruningSchedule__Output as _com_digitalasset_canton_pruning_admin_v0_PruningSchedule__Output } from '../../../../../../com/digitalasset/canton/pruning/admin/v0/PruningSchedule.js';

export interface _com_digitalasset_canton_pruning_admin_v0_GetSchedule_Request {
}

export interface _com_digitalasset_canton_pruning_admin_v0_GetSchedule_Request__Output {
}

export interface _com_digitalasset_canton_pruning_admin_v0_GetSchedule_Response {
  'schedule'?: (_com_digitalasset_canton_pruning_admin_v0_PruningSchedule | null);
}

export interface _com_digitalasset_canton_pruning_admin_v0_GetSchedule_Response__Output {
  'schedule'?: (_com_digitalasset_canton_pruning_admin_v0_PruningSchedule__Output);
}

export interface GetSchedule {
}

export interface GetSchedule__Output {
}
