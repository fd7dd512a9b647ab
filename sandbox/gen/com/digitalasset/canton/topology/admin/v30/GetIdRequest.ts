// Original file: com/digitalasset/canton/topology/admin/v30/initialization_service.proto


export interface GetIdRequest {
}

export interface GetIdRequest__Output {
}
