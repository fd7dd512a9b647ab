// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { _com_digitalasset_canton_protocol_v30_Enums_ParticipantFeatureFlag, _com_digitalasset_canton_protocol_v30_Enums_ParticipantFeatureFlag__Output } from '../../../../../com/digitalasset/canton/protocol/v30/Enums.js';

export interface SynchronizerTrustCertificate {
  'participant_uid'?: (string);
  'synchronizer_id'?: (string);
  'feature_flags'?: (_com_digitalasset_canton_protocol_v30_Enums_ParticipantFeatureFlag)[];
}

export interface SynchronizerTrustCertificate__Output {
  'participant_uid'?: (string);
  'synchronizer_id'?: (string);
  'feature_flags': (_com_digitalasset_canton_protocol_v30_Enums_ParticipantFeatureFlag__Output)[];
}
