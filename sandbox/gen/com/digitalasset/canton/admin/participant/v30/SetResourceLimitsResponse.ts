// Original file: com/digitalasset/canton/admin/participant/v30/resource_management_service.proto


export interface SetResourceLimitsResponse {
}

export interface SetResourceLimitsResponse__Output {
}
