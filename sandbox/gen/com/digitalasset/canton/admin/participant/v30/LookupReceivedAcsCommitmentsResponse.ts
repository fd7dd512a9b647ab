// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { ReceivedAcsCommitmentPerSynchronizer as _com_digitalasset_canton_admin_participant_v30_ReceivedAcsCommitmentPerSynchronizer, ReceivedAcsCommitmentPerSynchronizer__Output as _com_digitalasset_canton_admin_participant_v30_ReceivedAcsCommitmentPerSynchronizer__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ReceivedAcsCommitmentPerSynchronizer.js';

export interface LookupReceivedAcsCommitmentsResponse {
  'received'?: (_com_digitalasset_canton_admin_participant_v30_ReceivedAcsCommitmentPerSynchronizer)[];
}

export interface LookupReceivedAcsCommitmentsResponse__Output {
  'received': (_com_digitalasset_canton_admin_participant_v30_ReceivedAcsCommitmentPerSynchronizer__Output)[];
}
