// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto

import type { SynchronizerConnectionConfig as _com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig, SynchronizerConnectionConfig__Output as _com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/SynchronizerConnectionConfig.js';
import type { SequencerConnectionValidation as _com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionValidation, SequencerConnectionValidation__Output as _com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionValidation__Output } from '../../../../../../com/digitalasset/canton/admin/sequencer/v30/SequencerConnectionValidation.js';

// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto

export const _com_digitalasset_canton_admin_participant_v30_RegisterSynchronizerRequest_SynchronizerConnection = {
  SYNCHRONIZER_CONNECTION_UNSPECIFIED: 'SYNCHRONIZER_CONNECTION_UNSPECIFIED',
  SYNCHRONIZER_CONNECTION_NONE: 'SYNCHRONIZER_CONNECTION_NONE',
  SYNCHRONIZER_CONNECTION_HANDSHAKE: 'SYNCHRONIZER_CONNECTION_HANDSHAKE',
} as const;

export type _com_digitalasset_canton_admin_participant_v30_RegisterSynchronizerRequest_SynchronizerConnection =
  | 'SYNCHRONIZER_CONNECTION_UNSPECIFIED'
  | 0
  | 'SYNCHRONIZER_CONNECTION_NONE'
  | 1
  | 'SYNCHRONIZER_CONNECTION_HANDSHAKE'
  | 2

export type _com_digitalasset_canton_admin_participant_v30_RegisterSynchronizerRequest_SynchronizerConnection__Output = typeof _com_digitalasset_canton_admin_participant_v30_RegisterSynchronizerRequest_SynchronizerConnection[keyof typeof _com_digitalasset_canton_admin_participant_v30_RegisterSynchronizerRequest_SynchronizerConnection]

export interface RegisterSynchronizerRequest {
  'config'?: (_com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig | null);
  'synchronizer_connection'?: (_com_digitalasset_canton_admin_participant_v30_RegisterSynchronizerRequest_SynchronizerConnection);
  'sequencer_connection_validation'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionValidation);
}

export interface RegisterSynchronizerRequest__Output {
  'config'?: (_com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig__Output);
  'synchronizer_connection'?: (_com_digitalasset_canton_admin_participant_v30_RegisterSynchronizerRequest_SynchronizerConnection__Output);
  'sequencer_connection_validation'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionValidation__Output);
}
