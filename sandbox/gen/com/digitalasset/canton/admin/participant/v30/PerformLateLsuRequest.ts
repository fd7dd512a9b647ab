// Original file: com/digitalasset/canton/admin/participant/v30/participant_repair_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../../../../google/protobuf/Timestamp.js';
import type { SynchronizerConnectionConfig as _com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig, SynchronizerConnectionConfig__Output as _com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/SynchronizerConnectionConfig.js';
import type { SequencerConnectionValidation as _com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionValidation, SequencerConnectionValidation__Output as _com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionValidation__Output } from '../../../../../../com/digitalasset/canton/admin/sequencer/v30/SequencerConnectionValidation.js';

export interface _com_digitalasset_canton_admin_participant_v30_PerformLateLsuRequest_Successor {
  'physical_synchronizer_id'?: (string);
  'announced_upgrade_time'?: (_google_protobuf_Timestamp | null);
  'config'?: (_com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig | null);
  'sequencer_connection_validation'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionValidation);
}

export interface _com_digitalasset_canton_admin_participant_v30_PerformLateLsuRequest_Successor__Output {
  'physical_synchronizer_id'?: (string);
  'announced_upgrade_time'?: (_google_protobuf_Timestamp__Output);
  'config'?: (_com_digitalasset_canton_admin_participant_v30_SynchronizerConnectionConfig__Output);
  'sequencer_connection_validation'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionValidation__Output);
}

export interface PerformLateLsuRequest {
  'physical_synchronizer_id'?: (string);
  'successor'?: (_com_digitalasset_canton_admin_participant_v30_PerformLateLsuRequest_Successor | null);
}

export interface PerformLateLsuRequest__Output {
  'physical_synchronizer_id'?: (string);
  'successor'?: (_com_digitalasset_canton_admin_participant_v30_PerformLateLsuRequest_Successor__Output);
}
