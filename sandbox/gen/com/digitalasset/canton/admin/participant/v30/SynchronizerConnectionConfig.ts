// Original file: com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service.proto

import type { SequencerConnections as _com_digitalasset_canton_admin_sequencer_v30_SequencerConnections, SequencerConnections__Output as _com_digitalasset_canton_admin_sequencer_v30_SequencerConnections__Output } from '../../../../../../com/digitalasset/canton/admin/sequencer/v30/SequencerConnections.js';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../../google/protobuf/Duration.js';
import type { SynchronizerTimeTrackerConfig as _com_digitalasset_canton_admin_time_v30_SynchronizerTimeTrackerConfig, SynchronizerTimeTrackerConfig__Output as _com_digitalasset_canton_admin_time_v30_SynchronizerTimeTrackerConfig__Output } from '../../../../../../com/digitalasset/canton/admin/time/v30/SynchronizerTimeTrackerConfig.js';

export interface SynchronizerConnectionConfig {
  'synchronizer_alias'?: (string);
  'sequencer_connections'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnections | null);
  'manual_connect'?: (boolean);
  'physical_synchronizer_id'?: (string);
  'priority'?: (number);
  'initial_retry_delay'?: (_google_protobuf_Duration | null);
  'max_retry_delay'?: (_google_protobuf_Duration | null);
  'time_tracker'?: (_com_digitalasset_canton_admin_time_v30_SynchronizerTimeTrackerConfig | null);
  'initialize_from_trusted_synchronizer'?: (boolean);
}

export interface SynchronizerConnectionConfig__Output {
  'synchronizer_alias'?: (string);
  'sequencer_connections'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnections__Output);
  'manual_connect'?: (boolean);
  'physical_synchronizer_id'?: (string);
  'priority'?: (number);
  'initial_retry_delay'?: (_google_protobuf_Duration__Output);
  'max_retry_delay'?: (_google_protobuf_Duration__Output);
  'time_tracker'?: (_com_digitalasset_canton_admin_time_v30_SynchronizerTimeTrackerConfig__Output);
  'initialize_from_trusted_synchronizer'?: (boolean);
}
