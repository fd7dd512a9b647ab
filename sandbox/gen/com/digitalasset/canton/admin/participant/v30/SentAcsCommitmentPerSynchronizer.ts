// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { SentAcsCommitment as _com_digitalasset_canton_admin_participant_v30_SentAcsCommitment, SentAcsCommitment__Output as _com_digitalasset_canton_admin_participant_v30_SentAcsCommitment__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/SentAcsCommitment.js';

export interface SentAcsCommitmentPerSynchronizer {
  'synchronizer_id'?: (string);
  'sent'?: (_com_digitalasset_canton_admin_participant_v30_SentAcsCommitment)[];
}

export interface SentAcsCommitmentPerSynchronizer__Output {
  'synchronizer_id'?: (string);
  'sent': (_com_digitalasset_canton_admin_participant_v30_SentAcsCommitment__Output)[];
}
