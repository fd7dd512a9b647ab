// Original file: com/daml/ledger/api/v2/version_service.proto


export interface PackageFeature {
  'max_vetted_packages_page_size'?: (number);
}

export interface PackageFeature__Output {
  'max_vetted_packages_page_size'?: (number);
}
