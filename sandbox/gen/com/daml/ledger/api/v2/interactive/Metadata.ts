// Original file: com/daml/ledger/api/v2/interactive/interactive_submission_service.proto

import type { Create as _com_daml_ledger_api_v2_interactive_transaction_v1_Create, Create__Output as _com_daml_ledger_api_v2_interactive_transaction_v1_Create__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/transaction/v1/Create.js';
import type { Long } from '@grpc/proto-loader';

export interface _com_daml_ledger_api_v2_interactive_Metadata_InputContract {
  'v1'?: (_com_daml_ledger_api_v2_interactive_transaction_v1_Create | null);
  'created_at'?: (number | string | Long);
  'event_blob'?: (Buffer | Uint8Array | string);
}

export interface _com_daml_ledger_api_v2_interactive_Metadata_InputContract__Output {
  'v1'?: (_com_daml_ledger_api_v2_interactive_transaction_v1_Create__Output);
  'created_at'?: (string);
  'event_blob'?: (Buffer);
}

export interface _com_daml_ledger_api_v2_interactive_Metadata_SubmitterInfo {
  'act_as'?: (string)[];
  'command_id'?: (string);
}

export interface _com_daml_ledger_api_v2_interactive_Metadata_SubmitterInfo__Output {
  'act_as': (string)[];
  'command_id'?: (string);
}

export interface Metadata {
  'submitter_info'?: (_com_daml_ledger_api_v2_interactive_Metadata_SubmitterInfo | null);
  'synchronizer_id'?: (string);
  'mediator_group'?: (number);
  'transaction_uuid'?: (string);
  'preparation_time'?: (number | string | Long);
  'input_contracts'?: (_com_daml_ledger_api_v2_interactive_Metadata_InputContract)[];
}

export interface Metadata__Output {
  'submitter_info'?: (_com_daml_ledger_api_v2_interactive_Metadata_SubmitterInfo__Output);
  'synchronizer_id'?: (string);
  'mediator_group'?: (number);
  'transaction_uuid'?: (string);
  'preparation_time'?: (string);
  'input_contracts': (_com_daml_ledger_api_v2_interactive_Metadata_InputContract__Output)[];
}
