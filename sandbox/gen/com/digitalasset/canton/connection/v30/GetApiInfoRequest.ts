// Original file: com/digitalasset/canton/connection/v30/api_info_service.proto


export interface GetApiInfoRequest {
}

export interface GetApiInfoRequest__Output {
}
