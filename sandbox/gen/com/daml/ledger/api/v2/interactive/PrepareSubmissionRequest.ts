// Original file: com/daml/ledger/api/v2/interactive/interactive_submission_service.proto

import type { Command as _com_daml_ledger_api_v2_Command, Command__Output as _com_daml_ledger_api_v2_Command__Output } from '../../../../../../com/daml/ledger/api/v2/Command.js';
import type { HashingSchemeVersion as _com_daml_ledger_api_v2_interactive_HashingSchemeVersion, HashingSchemeVersion__Output as _com_daml_ledger_api_v2_interactive_HashingSchemeVersion__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/HashingSchemeVersion.js';

export interface PrepareSubmissionRequest {
  'user_id'?: (string);
  'command_id'?: (string);
  'commands'?: (_com_daml_ledger_api_v2_Command)[];
  'act_as'?: (string)[];
  'read_as'?: (string)[];
  'synchronizer_id'?: (string);
  'hashing_scheme_version'?: (_com_daml_ledger_api_v2_interactive_HashingSchemeVersion);
  '_hashing_scheme_version'?: "hashing_scheme_version";
}

export interface PrepareSubmissionRequest__Output {
  'user_id'?: (string);
  'command_id'?: (string);
  'commands': (_com_daml_ledger_api_v2_Command__Output)[];
  'act_as': (string)[];
  'read_as': (string)[];
  'synchronizer_id'?: (string);
  'hashing_scheme_version'?: (_com_daml_ledger_api_v2_interactive_HashingSchemeVersion__Output);
  '_hashing_scheme_version'?: "hashing_scheme_version";
}
