// Original file: com/digitalasset/canton/admin/participant/v30/participant_inspection_service.proto

import type { CounterParticipantInfo as _com_digitalasset_canton_admin_participant_v30_CounterParticipantInfo, CounterParticipantInfo__Output as _com_digitalasset_canton_admin_participant_v30_CounterParticipantInfo__Output } from '../../../../../../com/digitalasset/canton/admin/participant/v30/CounterParticipantInfo.js';

export interface GetIntervalsBehindForCounterParticipantsResponse {
  'intervals_behind'?: (_com_digitalasset_canton_admin_participant_v30_CounterParticipantInfo)[];
}

export interface GetIntervalsBehindForCounterParticipantsResponse__Output {
  'intervals_behind': (_com_digitalasset_canton_admin_participant_v30_CounterParticipantInfo__Output)[];
}
