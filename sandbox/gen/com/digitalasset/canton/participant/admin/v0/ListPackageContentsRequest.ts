// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface ListPackageContentsRequest {
  'package_id'?: (string);
}

export interface ListPackageContentsRequest__Output {
  'package_id'?: (string);
}
