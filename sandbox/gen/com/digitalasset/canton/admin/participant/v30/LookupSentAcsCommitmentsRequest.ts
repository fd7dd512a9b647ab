// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { SynchronizerTimeRange as _com_digitalasset_canton_admin_participant_v30_SynchronizerTimeRange, SynchronizerTimeRange__Output as _com_digitalasset_canton_admin_participant_v30_SynchronizerTimeRange__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/SynchronizerTimeRange.js';
import type { SentCommitmentState as _com_digitalasset_canton_admin_participant_v30_SentCommitmentState, SentCommitmentState__Output as _com_digitalasset_canton_admin_participant_v30_SentCommitmentState__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/SentCommitmentState.js';

export interface LookupSentAcsCommitmentsRequest {
  'time_ranges'?: (_com_digitalasset_canton_admin_participant_v30_SynchronizerTimeRange)[];
  'counter_participant_ids'?: (string)[];
  'commitment_state'?: (_com_digitalasset_canton_admin_participant_v30_SentCommitmentState)[];
  'verbose'?: (boolean);
}

export interface LookupSentAcsCommitmentsRequest__Output {
  'time_ranges': (_com_digitalasset_canton_admin_participant_v30_SynchronizerTimeRange__Output)[];
  'counter_participant_ids': (string)[];
  'commitment_state': (_com_digitalasset_canton_admin_participant_v30_SentCommitmentState__Output)[];
  'verbose'?: (boolean);
}
