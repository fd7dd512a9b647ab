// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto


export interface RegisterSynchronizerResponse {
}

export interface RegisterSynchronizerResponse__Output {
}
