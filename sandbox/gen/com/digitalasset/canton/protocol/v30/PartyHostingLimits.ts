// Original file: com/digitalasset/canton/protocol/v30/topology.proto


export interface PartyHostingLimits {
  'synchronizer_id'?: (string);
  'party'?: (string);
}

export interface PartyHostingLimits__Output {
  'synchronizer_id'?: (string);
  'party'?: (string);
}
