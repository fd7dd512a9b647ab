// Original file: com/digitalasset/canton/protocol/v30/topology.proto


export interface DecentralizedNamespaceDefinition {
  'decentralized_namespace'?: (string);
  'threshold'?: (number);
  'owners'?: (string)[];
}

export interface DecentralizedNamespaceDefinition__Output {
  'decentralized_namespace'?: (string);
  'threshold'?: (number);
  'owners': (string)[];
}
