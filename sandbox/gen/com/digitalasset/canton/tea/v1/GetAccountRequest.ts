// Original file: com/digitalasset/canton/tea/v1/traffic_service.proto


export interface GetAccountRequest {
  'account_id'?: (string);
}

export interface GetAccountRequest__Output {
  'account_id'?: (string);
}
