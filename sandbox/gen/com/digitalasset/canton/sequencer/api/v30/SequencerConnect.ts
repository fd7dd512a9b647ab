// Original file: com/digitalasset/canton/sequencer/api/v30/sequencer_connect_service.proto

import type { StaticSynchronizerParameters as _com_digitalasset_canton_protocol_v30_StaticSynchronizerParameters, StaticSynchronizerParameters__Output as _com_digitalasset_canton_protocol_v30_StaticSynchronizerParameters__Output } from '../../../../../../com/digitalasset/canton/protocol/v30/StaticSynchronizerParameters.js';

export interface _com_digitalasset_canton_sequencer_api_v30_SequencerConnect_GetSynchronizerParametersRequest {
}

export interface _com_digitalasset_canton_sequencer_api_v30_SequencerConnect_GetSynchronizerParametersRequest__Output {
}

export interface _com_digitalasset_canton_sequencer_api_v30_SequencerConnect_GetSynchronizerParametersResponse {
  'parameters_v1'?: (_com_digitalasset_canton_protocol_v30_StaticSynchronizerParameters | null);
  'parameters'?: "parameters_v1";
}

export interface _com_digitalasset_canton_sequencer_api_v30_SequencerConnect_GetSynchronizerParametersResponse__Output {
  'parameters_v1'?: (_com_digitalasset_canton_protocol_v30_StaticSynchronizerParameters__Output);
  'parameters'?: "parameters_v1";
}

export interface SequencerConnect {
}

export interface SequencerConnect__Output {
}
