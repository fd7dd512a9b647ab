// Original file: com/daml/ledger/api/v2/update_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetUpdatesRequest as _com_daml_ledger_api_v2_GetUpdatesRequest, GetUpdatesRequest__Output as _com_daml_ledger_api_v2_GetUpdatesRequest__Output } from '../../../../../com/daml/ledger/api/v2/GetUpdatesRequest.js';
import type { GetUpdatesResponse as _com_daml_ledger_api_v2_GetUpdatesResponse, GetUpdatesResponse__Output as _com_daml_ledger_api_v2_GetUpdatesResponse__Output } from '../../../../../com/daml/ledger/api/v2/GetUpdatesResponse.js';

export interface UpdateServiceDefinition {
  GetUpdates: MethodDefinition<_com_daml_ledger_api_v2_GetUpdatesRequest, _com_daml_ledger_api_v2_GetUpdatesResponse, _com_daml_ledger_api_v2_GetUpdatesRequest__Output, _com_daml_ledger_api_v2_GetUpdatesResponse__Output>
}
