// Original file: com/daml/ledger/api/v2/version_service.proto

import type { FeaturesDescriptor as _com_daml_ledger_api_v2_FeaturesDescriptor, FeaturesDescriptor__Output as _com_daml_ledger_api_v2_FeaturesDescriptor__Output } from '../../../../../com/daml/ledger/api/v2/FeaturesDescriptor.js';

export interface GetLedgerApiVersionResponse {
  'version'?: (string);
  'features'?: (_com_daml_ledger_api_v2_FeaturesDescriptor | null);
}

export interface GetLedgerApiVersionResponse__Output {
  'version'?: (string);
  'features'?: (_com_daml_ledger_api_v2_FeaturesDescriptor__Output);
}
