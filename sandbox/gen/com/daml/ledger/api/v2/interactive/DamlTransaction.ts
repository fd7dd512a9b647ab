// Original file: com/daml/ledger/api/v2/interactive/interactive_submission_service.proto

import type { Node as _com_daml_ledger_api_v2_interactive_transaction_v1_Node, Node__Output as _com_daml_ledger_api_v2_interactive_transaction_v1_Node__Output } from '../../../../../../com/daml/ledger/api/v2/interactive/transaction/v1/Node.js';

export interface _com_daml_ledger_api_v2_interactive_DamlTransaction_Node {
  'node_id'?: (string);
  'v1'?: (_com_daml_ledger_api_v2_interactive_transaction_v1_Node | null);
}

export interface _com_daml_ledger_api_v2_interactive_DamlTransaction_Node__Output {
  'node_id'?: (string);
  'v1'?: (_com_daml_ledger_api_v2_interactive_transaction_v1_Node__Output);
}

export interface _com_daml_ledger_api_v2_interactive_DamlTransaction_NodeSeed {
  'node_id'?: (number);
  'seed'?: (Buffer | Uint8Array | string);
}

export interface _com_daml_ledger_api_v2_interactive_DamlTransaction_NodeSeed__Output {
  'node_id'?: (number);
  'seed'?: (Buffer);
}

export interface DamlTransaction {
  'version'?: (string);
  'roots'?: (string)[];
  'nodes'?: (_com_daml_ledger_api_v2_interactive_DamlTransaction_Node)[];
  'node_seeds'?: (_com_daml_ledger_api_v2_interactive_DamlTransaction_NodeSeed)[];
}

export interface DamlTransaction__Output {
  'version'?: (string);
  'roots': (string)[];
  'nodes': (_com_daml_ledger_api_v2_interactive_DamlTransaction_Node__Output)[];
  'node_seeds': (_com_daml_ledger_api_v2_interactive_DamlTransaction_NodeSeed__Output)[];
}
