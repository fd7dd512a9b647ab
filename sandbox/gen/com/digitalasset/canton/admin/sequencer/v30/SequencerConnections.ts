// Original file: com/digitalasset/canton/admin/sequencer/v30/sequencer_connection.proto

import type { SequencerConnection as _com_digitalasset_canton_admin_sequencer_v30_SequencerConnection, SequencerConnection__Output as _com_digitalasset_canton_admin_sequencer_v30_SequencerConnection__Output } from '../../../../../../com/digitalasset/canton/admin/sequencer/v30/SequencerConnection.js';
import type { SubmissionRequestAmplification as _com_digitalasset_canton_admin_sequencer_v30_SubmissionRequestAmplification, SubmissionRequestAmplification__Output as _com_digitalasset_canton_admin_sequencer_v30_SubmissionRequestAmplification__Output } from '../../../../../../com/digitalasset/canton/admin/sequencer/v30/SubmissionRequestAmplification.js';
import type { SequencerConnectionPoolDelays as _com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionPoolDelays, SequencerConnectionPoolDelays__Output as _com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionPoolDelays__Output } from '../../../../../../com/digitalasset/canton/admin/sequencer/v30/SequencerConnectionPoolDelays.js';

export interface SequencerConnections {
  'sequencer_connections'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnection)[];
  'sequencer_trust_threshold'?: (number);
  'submission_request_amplification'?: (_com_digitalasset_canton_admin_sequencer_v30_SubmissionRequestAmplification | null);
  'sequencer_liveness_margin'?: (number);
  'sequencer_connection_pool_delays'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionPoolDelays | null);
}

export interface SequencerConnections__Output {
  'sequencer_connections': (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnection__Output)[];
  'sequencer_trust_threshold'?: (number);
  'submission_request_amplification'?: (_com_digitalasset_canton_admin_sequencer_v30_SubmissionRequestAmplification__Output);
  'sequencer_liveness_margin'?: (number);
  'sequencer_connection_pool_delays'?: (_com_digitalasset_canton_admin_sequencer_v30_SequencerConnectionPoolDelays__Output);
}
