// Original file: com/digitalasset/canton/admin/participant/v30/ping_service.proto


export interface PingFailure {
  'reason'?: (string);
}

export interface PingFailure__Output {
  'reason'?: (string);
}
