// Original file: com/daml/ledger/api/v1/package_service.proto


export interface GetPackageStatusRequest {
  'ledger_id'?: (string);
  'package_id'?: (string);
}

export interface GetPackageStatusRequest__Output {
  'ledger_id'?: (string);
  'package_id'?: (string);
}
