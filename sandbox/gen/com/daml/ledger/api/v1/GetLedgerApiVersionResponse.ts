// Original file: com/daml/ledger/api/v1/version_service.proto

import type { FeaturesDescriptor as _com_daml_ledger_api_v1_FeaturesDescriptor, FeaturesDescriptor__Output as _com_daml_ledger_api_v1_FeaturesDescriptor__Output } from '../../../../../com/daml/ledger/api/v1/FeaturesDescriptor.js';

export interface GetLedgerApiVersionResponse {
  'version'?: (string);
  'features'?: (_com_daml_ledger_api_v1_FeaturesDescriptor | null);
}

export interface GetLedgerApiVersionResponse__Output {
  'version'?: (string);
  'features'?: (_com_daml_ledger_api_v1_FeaturesDescriptor__Output);
}
