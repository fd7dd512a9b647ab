// Original file: com/daml/ledger/api/v1/package_service.proto

import type { HashFunction as _com_daml_ledger_api_v1_HashFunction, HashFunction__Output as _com_daml_ledger_api_v1_HashFunction__Output } from '../../../../../com/daml/ledger/api/v1/HashFunction.js';

export interface GetPackageResponse {
  'hash_function'?: (_com_daml_ledger_api_v1_HashFunction);
  'archive_payload'?: (Buffer | Uint8Array | string);
  'hash'?: (string);
}

export interface GetPackageResponse__Output {
  'hash_function'?: (_com_daml_ledger_api_v1_HashFunction__Output);
  'archive_payload'?: (Buffer);
  'hash'?: (string);
}
