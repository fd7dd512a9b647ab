// Original file: com/digitalasset/canton/connection/v30/api_info_service.proto


export interface GetApiInfoResponse {
  'name'?: (string);
}

export interface GetApiInfoResponse__Output {
  'name'?: (string);
}
