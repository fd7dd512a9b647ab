// Original file: com/digitalasset/canton/admin/participant/v30/resource_management_service.proto


export interface GetResourceLimitsRequest {
}

export interface GetResourceLimitsRequest__Output {
}
