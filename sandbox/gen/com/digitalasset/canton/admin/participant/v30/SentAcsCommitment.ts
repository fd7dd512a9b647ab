// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { Interval as _com_digitalasset_canton_admin_participant_v30_Interval, Interval__Output as _com_digitalasset_canton_admin_participant_v30_Interval__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/Interval.js';
import type { SentCommitmentState as _com_digitalasset_canton_admin_participant_v30_SentCommitmentState, SentCommitmentState__Output as _com_digitalasset_canton_admin_participant_v30_SentCommitmentState__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/SentCommitmentState.js';

export interface SentAcsCommitment {
  'interval'?: (_com_digitalasset_canton_admin_participant_v30_Interval | null);
  'dest_counter_participant_uid'?: (string);
  'own_commitment'?: (Buffer | Uint8Array | string);
  'received_commitment'?: (Buffer | Uint8Array | string);
  'state'?: (_com_digitalasset_canton_admin_participant_v30_SentCommitmentState);
  '_own_commitment'?: "own_commitment";
  '_received_commitment'?: "received_commitment";
}

export interface SentAcsCommitment__Output {
  'interval'?: (_com_digitalasset_canton_admin_participant_v30_Interval__Output);
  'dest_counter_participant_uid'?: (string);
  'own_commitment'?: (Buffer);
  'received_commitment'?: (Buffer);
  'state'?: (_com_digitalasset_canton_admin_participant_v30_SentCommitmentState__Output);
  '_own_commitment'?: "own_commitment";
  '_received_commitment'?: "received_commitment";
}
