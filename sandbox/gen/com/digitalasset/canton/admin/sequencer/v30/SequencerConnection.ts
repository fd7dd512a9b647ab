// Original file: com/digitalasset/canton/admin/sequencer/v30/sequencer_connection.proto


export interface _com_digitalasset_canton_admin_sequencer_v30_SequencerConnection_Grpc {
  'connections'?: (string)[];
  'transport_security'?: (boolean);
  'custom_trust_certificates'?: (Buffer | Uint8Array | string);
  '_custom_trust_certificates'?: "custom_trust_certificates";
}

export interface _com_digitalasset_canton_admin_sequencer_v30_SequencerConnection_Grpc__Output {
  'connections': (string)[];
  'transport_security'?: (boolean);
  'custom_trust_certificates'?: (Buffer);
  '_custom_trust_certificates'?: "custom_trust_certificates";
}

export interface SequencerConnection {
  'grpc'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnection_Grpc | null);
  'alias'?: (string);
  'sequencer_id'?: (string);
  'type'?: "grpc";
  '_sequencer_id'?: "sequencer_id";
}

export interface SequencerConnection__Output {
  'grpc'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnection_Grpc__Output);
  'alias'?: (string);
  'sequencer_id'?: (string);
  'type'?: "grpc";
  '_sequencer_id'?: "sequencer_id";
}
