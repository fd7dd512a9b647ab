// Original file: com/digitalasset/canton/pruning/admin/v0/pruning.proto


export interface _com_digitalasset_canton_pruning_admin_v0_ClearSchedule_Request {
}

export interface _com_digitalasset_canton_pruning_admin_v0_ClearSchedule_Request__Output {
}

export interface _com_digitalasset_canton_pruning_admin_v0_ClearSchedule_Response {
}

export interface _com_digitalasset_canton_pruning_admin_v0_ClearSchedule_Response__Output {
}

export interface ClearSchedule {
}

export interface ClearSchedule__Output {
}
