// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto


export interface ReconnectSynchronizersResponse {
}

export interface ReconnectSynchronizersResponse__Output {
}
