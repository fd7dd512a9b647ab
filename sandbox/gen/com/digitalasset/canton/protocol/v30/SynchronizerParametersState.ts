// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { DynamicSynchronizerParameters as _com_digitalasset_canton_protocol_v30_DynamicSynchronizerParameters, DynamicSynchronizerParameters__Output as _com_digitalasset_canton_protocol_v30_DynamicSynchronizerParameters__Output } from '../../../../../com/digitalasset/canton/protocol/v30/DynamicSynchronizerParameters.js';

export interface SynchronizerParametersState {
  'synchronizer_id'?: (string);
  'synchronizer_parameters'?: (_com_digitalasset_canton_protocol_v30_DynamicSynchronizerParameters | null);
}

export interface SynchronizerParametersState__Output {
  'synchronizer_id'?: (string);
  'synchronizer_parameters'?: (_com_digitalasset_canton_protocol_v30_DynamicSynchronizerParameters__Output);
}
