// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto


export interface DisconnectAllSynchronizersRequest {
}

export interface DisconnectAllSynchronizersRequest__Output {
}
