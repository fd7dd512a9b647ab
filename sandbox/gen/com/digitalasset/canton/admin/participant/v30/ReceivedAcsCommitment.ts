// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { Interval as _com_digitalasset_canton_admin_participant_v30_Interval, Interval__Output as _com_digitalasset_canton_admin_participant_v30_Interval__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/Interval.js';
import type { ReceivedCommitmentState as _com_digitalasset_canton_admin_participant_v30_ReceivedCommitmentState, ReceivedCommitmentState__Output as _com_digitalasset_canton_admin_participant_v30_ReceivedCommitmentState__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/ReceivedCommitmentState.js';

export interface ReceivedAcsCommitment {
  'interval'?: (_com_digitalasset_canton_admin_participant_v30_Interval | null);
  'origin_counter_participant_uid'?: (string);
  'received_commitment'?: (Buffer | Uint8Array | string);
  'own_commitment'?: (Buffer | Uint8Array | string);
  'state'?: (_com_digitalasset_canton_admin_participant_v30_ReceivedCommitmentState);
  '_received_commitment'?: "received_commitment";
  '_own_commitment'?: "own_commitment";
}

export interface ReceivedAcsCommitment__Output {
  'interval'?: (_com_digitalasset_canton_admin_participant_v30_Interval__Output);
  'origin_counter_participant_uid'?: (string);
  'received_commitment'?: (Buffer);
  'own_commitment'?: (Buffer);
  'state'?: (_com_digitalasset_canton_admin_participant_v30_ReceivedCommitmentState__Output);
  '_received_commitment'?: "received_commitment";
  '_own_commitment'?: "own_commitment";
}
