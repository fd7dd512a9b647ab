// Original file: com/daml/ledger/api/v1/package_service.proto


export interface GetPackageRequest {
  'ledger_id'?: (string);
  'package_id'?: (string);
}

export interface GetPackageRequest__Output {
  'ledger_id'?: (string);
  'package_id'?: (string);
}
