// Original file: com/digitalasset/canton/sequencer/api/v30/sequencer_connect_service.proto

import type { MethodDefinition } from '@grpc/proto-loader'
import type { _com_digitalasset_canton_sequencer_api_v30_SequencerConnect_GetSynchronizerParametersRequest, _com_digitalasset_canton_sequencer_api_v30_SequencerConnect_GetSynchronizerParametersRequest__Output } from '../../../../../../com/digitalasset/canton/sequencer/api/v30/SequencerConnect.js';
import type { _com_digitalasset_canton_sequencer_api_v30_SequencerConnect_GetSynchronizerParametersResponse, _com_digitalasset_canton_sequencer_api_v30_SequencerConnect_GetSynchronizerParametersResponse__Output } from '../../../../../../com/digitalasset/canton/sequencer/api/v30/SequencerConnect.js';

export interface SequencerConnectServiceDefinition {
  GetSynchronizerParameters: MethodDefinition<_com_digitalasset_canton_sequencer_api_v30_SequencerConnect_GetSynchronizerParametersRequest, _com_digitalasset_canton_sequencer_api_v30_SequencerConnect_GetSynchronizerParametersResponse, _com_digitalasset_canton_sequencer_api_v30_SequencerConnect_GetSynchronizerParametersRequest__Output, _com_digitalasset_canton_sequencer_api_v30_SequencerConnect_GetSynchronizerParametersResponse__Output>
}
