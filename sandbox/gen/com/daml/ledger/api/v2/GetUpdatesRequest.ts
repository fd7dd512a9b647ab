// Original file: com/daml/ledger/api/v2/update_service.proto

import type { UpdateFormat as _com_daml_ledger_api_v2_UpdateFormat, UpdateFormat__Output as _com_daml_ledger_api_v2_UpdateFormat__Output } from '../../../../../com/daml/ledger/api/v2/UpdateFormat.js';
import type { Long } from '@grpc/proto-loader';

export interface GetUpdatesRequest {
  'begin_exclusive'?: (number | string | Long);
  'end_inclusive'?: (number | string | Long);
  'update_format'?: (_com_daml_ledger_api_v2_UpdateFormat | null);
  '_end_inclusive'?: "end_inclusive";
}

export interface GetUpdatesRequest__Output {
  'begin_exclusive'?: (string);
  'end_inclusive'?: (string);
  'update_format'?: (_com_daml_ledger_api_v2_UpdateFormat__Output);
  '_end_inclusive'?: "end_inclusive";
}
