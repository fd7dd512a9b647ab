// Original file: com/digitalasset/canton/participant/admin/v0/package_service.proto


export interface RemovePackageRequest {
  'package_id'?: (string);
  'force'?: (boolean);
}

export interface RemovePackageRequest__Output {
  'package_id'?: (string);
  'force'?: (boolean);
}
