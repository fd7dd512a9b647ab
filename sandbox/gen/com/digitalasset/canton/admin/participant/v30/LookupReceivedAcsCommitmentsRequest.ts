// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { SynchronizerTimeRange as _com_digitalasset_canton_admin_participant_v30_SynchronizerTimeRange, SynchronizerTimeRange__Output as _com_digitalasset_canton_admin_participant_v30_SynchronizerTimeRange__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/SynchronizerTimeRange.js';
import type { ReceivedCommitmentState as _com_digitalasset_canton_admin_participant_v30_ReceivedCommitmentState, ReceivedCommitmentState__Output as _com_digitalasset_canton_admin_participant_v30_ReceivedCommitmentState__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ReceivedCommitmentState.js';

export interface LookupReceivedAcsCommitmentsRequest {
  'time_ranges'?: (_com_digitalasset_canton_admin_participant_v30_SynchronizerTimeRange)[];
  'counter_participant_ids'?: (string)[];
  'commitment_state'?: (_com_digitalasset_canton_admin_participant_v30_ReceivedCommitmentState)[];
  'verbose'?: (boolean);
}

export interface LookupReceivedAcsCommitmentsRequest__Output {
  'time_ranges': (_com_digitalasset_canton_admin_participant_v30_SynchronizerTimeRange__Output)[];
  'counter_participant_ids': (string)[];
  'commitment_state': (_com_digitalasset_canton_admin_participant_v30_ReceivedCommitmentState__Output)[];
  'verbose'?: (boolean);
}
