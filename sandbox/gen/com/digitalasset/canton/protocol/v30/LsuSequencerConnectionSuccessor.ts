// Original file: com/digitalasset/canton/protocol/v30/topology.proto


export interface _com_digitalasset_canton_protocol_v30_LsuSequencerConnectionSuccessor_SequencerConnection {
  'endpoints'?: (string)[];
}

export interface _com_digitalasset_canton_protocol_v30_LsuSequencerConnectionSuccessor_SequencerConnection__Output {
  'endpoints': (string)[];
}

export interface LsuSequencerConnectionSuccessor {
  'sequencer_id'?: (string);
  'successor_physical_synchronizer_id'?: (string);
  'connection'?: (_com_digitalasset_canton_protocol_v30_LsuSequencerConnectionSuccessor_SequencerConnection | null);
}

export interface LsuSequencerConnectionSuccessor__Output {
  'sequencer_id'?: (string);
  'successor_physical_synchronizer_id'?: (string);
  'connection'?: (_com_digitalasset_canton_protocol_v30_LsuSequencerConnectionSuccessor_SequencerConnection__Output);
}
