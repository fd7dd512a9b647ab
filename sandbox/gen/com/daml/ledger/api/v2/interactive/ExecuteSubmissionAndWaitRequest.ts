// Original file: com/daml/ledger/api/v2/interactive/interactive_submission_service.proto

import type { PreparedTransaction as _com_daml_ledger_api_v2_interactive_PreparedTransaction, PreparedTransaction__Output as _com_daml_ledger_api_v2_interactive_PreparedTransaction__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/PreparedTransaction.js';
import type { PartySignatures as _com_daml_ledger_api_v2_interactive_PartySignatures, PartySignatures__Output as _com_daml_ledger_api_v2_interactive_PartySignatures__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/PartySignatures.js';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';
import type { HashingSchemeVersion as _com_daml_ledger_api_v2_interactive_HashingSchemeVersion, HashingSchemeVersion__Output as _com_daml_ledger_api_v2_interactive_HashingSchemeVersion__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/HashingSchemeVersion.js';
import type { Long } from '@grpc/proto-loader';

export interface ExecuteSubmissionAndWaitRequest {
  'prepared_transaction'?: (_com_daml_ledger_api_v2_interactive_PreparedTransaction | null);
  'party_signatures'?: (_com_daml_ledger_api_v2_interactive_PartySignatures | null);
  'deduplication_duration'?: (_google_protobuf_Duration | null);
  'deduplication_offset'?: (number | string | Long);
  'submission_id'?: (string);
  'user_id'?: (string);
  'hashing_scheme_version'?: (_com_daml_ledger_api_v2_interactive_HashingSchemeVersion);
  'deduplication_period'?: "deduplication_duration"|"deduplication_offset";
}

export interface ExecuteSubmissionAndWaitRequest__Output {
  'prepared_transaction'?: (_com_daml_ledger_api_v2_interactive_PreparedTransaction__Output);
  'party_signatures'?: (_com_daml_ledger_api_v2_interactive_PartySignatures__Output);
  'deduplication_duration'?: (_google_protobuf_Duration__Output);
  'deduplication_offset'?: (string);
  'submission_id'?: (string);
  'user_id'?: (string);
  'hashing_scheme_version'?: (_com_daml_ledger_api_v2_interactive_HashingSchemeVersion__Output);
  'deduplication_period'?: "deduplication_duration"|"deduplication_offset";
}
