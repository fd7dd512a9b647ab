// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto

import type { SynchronizerConnectionConfig as _com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig, SynchronizerConnectionConfig__Output as _com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/SynchronizerConnectionConfig.js';
import type { SequencerConnectionValidation as _com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionValidation, SequencerConnectionValidation__Output as _com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionValidation__Output } from '../../../../../../com/digitalasset/canton/admin/sequencer/v30/SequencerConnectionValidation.js';

export interface ConnectSynchronizerRequest {
  'config'?: (_com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig | null);
  'sequencer_connection_validation'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionValidation);
}

export interface ConnectSynchronizerRequest__Output {
  'config'?: (_com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig__Output);
  'sequencer_connection_validation'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionValidation__Output);
}
