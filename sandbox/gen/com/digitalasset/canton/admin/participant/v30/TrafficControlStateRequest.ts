// Original file: com/digitalasset/canton/admin/participant/v30/traffic_control_service.proto


export interface TrafficControlStateRequest {
  'synchronizer_id'?: (string);
}

export interface TrafficControlStateRequest__Output {
  'synchronizer_id'?: (string);
}
