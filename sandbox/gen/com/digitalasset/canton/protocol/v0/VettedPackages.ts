// Original file: com/digitalasset/canton/protocol/v0/topology.proto


export interface VettedPackages {
  'participant'?: (string);
  'package_ids'?: (string)[];
}

export interface VettedPackages__Output {
  'participant'?: (string);
  'package_ids': (string)[];
}
