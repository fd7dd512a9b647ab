// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { ReceivedAcsCommitment as _com_digitalasset_canton_admin_participant_v30_ReceivedAcsCommitment, ReceivedAcsCommitment__Output as _com_digitalasset_canton_admin_participant_v30_ReceivedAcsCommitment__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ReceivedAcsCommitment.js';

export interface ReceivedAcsCommitmentPerSynchronizer {
  'synchronizer_id'?: (string);
  'received'?: (_com_digitalasset_canton_admin_participant_v30_ReceivedAcsCommitment)[];
}

export interface ReceivedAcsCommitmentPerSynchronizer__Output {
  'synchronizer_id'?: (string);
  'received': (_com_digitalasset_canton_admin_participant_v30_ReceivedAcsCommitment__Output)[];
}
