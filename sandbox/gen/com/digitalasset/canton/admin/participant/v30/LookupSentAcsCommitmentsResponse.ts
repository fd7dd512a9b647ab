// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { SentAcsCommitmentPerSynchronizer as _com_digitalasset_canton_admin_participant_v30_SentAcsCommitmentPerSynchronizer, SentAcsCommitmentPerSynchronizer__Output as _com_digitalasset_canton_admin_participant_v30_SentAcsCommitmentPerSynchronizer__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/SentAcsCommitmentPerSynchronizer.js';

export interface LookupSentAcsCommitmentsResponse {
  'sent'?: (_com_digitalasset_canton_admin_participant_v30_SentAcsCommitmentPerSynchronizer)[];
}

export interface LookupSentAcsCommitmentsResponse__Output {
  'sent': (_com_digitalasset_canton_admin_participant_v30_SentAcsCommitmentPerSynchronizer__Output)[];
}
