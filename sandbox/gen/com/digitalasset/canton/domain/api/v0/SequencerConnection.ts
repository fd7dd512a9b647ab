// Original file: com/digitalasset/canton/domain/api/v0/sequencer_connection.proto

import type { BytesValue as _google_protobuf_BytesValue, BytesValue__Output as _google_protobuf_BytesValue__Output } from '../../../../../../google/protobuf/BytesValue.js';

export interface _com_digitalasset_canton_domain_api_v0_SequencerConnection_Grpc {
  'connections'?: (string)[];
  'transportSecurity'?: (boolean);
  'customTrustCertificates'?: (_google_protobuf_BytesValue | null);
}

export interface _com_digitalasset_canton_domain_api_v0_SequencerConnection_Grpc__Output {
  'connections': (string)[];
  'transportSecurity'?: (boolean);
  'customTrustCertificates'?: (_google_protobuf_BytesValue__Output);
}

export interface SequencerConnection {
  'grpc'?: (_com_digitalasset_canton_domain_api_v0_SequencerConnection_Grpc | null);
  'alias'?: (string);
  'type'?: "grpc";
}

export interface SequencerConnection__Output {
  'grpc'?: (_com_digitalasset_canton_domain_api_v0_SequencerConnection_Grpc__Output);
  'alias'?: (string);
  'type'?: "grpc";
}
