// Original file: com/digitalasset/canton/topology/admin/v30/initialization_service.proto


export interface InitIdResponse {
}

export interface InitIdResponse__Output {
}
