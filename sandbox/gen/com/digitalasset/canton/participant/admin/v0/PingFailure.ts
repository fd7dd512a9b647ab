// Original file: com/digitalasset/canton/participant/admin/v0/ping_pong_service.proto


export interface PingFailure {
}

export interface PingFailure__Output {
}
