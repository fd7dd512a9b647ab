// Original file: com/digitalasset/canton/topology/admin/v30/initialization_service.proto


export interface CurrentTimeRequest {
}

export interface CurrentTimeRequest__Output {
}
