// Original file: com/digitalasset/canton/protocol/v30/synchronizer_parameters.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../google/protobuf/Duration.js';
import type { TrafficControlParameters as _com_digitalasset_canton_protocol_v30_TrafficControlParameters, TrafficControlParameters__Output as _com_digitalasset_canton_protocol_v30_TrafficControlParameters__Output } from '../../../../../com/digitalasset/canton/protocol/v30/TrafficControlParameters.js';

export interface DynamicSynchronizerParameters {
  'reconciliation_interval'?: (_google_protobuf_Duration | null);
  'traffic_control'?: (_com_digitalasset_canton_protocol_v30_TrafficControlParameters | null);
}

export interface DynamicSynchronizerParameters__Output {
  'reconciliation_interval'?: (_google_protobuf_Duration__Output);
  'traffic_control'?: (_com_digitalasset_canton_protocol_v30_TrafficControlParameters__Output);
}
