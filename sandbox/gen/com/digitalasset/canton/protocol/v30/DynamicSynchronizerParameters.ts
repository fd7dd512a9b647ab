// Original file: com/digitalasset/canton/protocol/v30/synchronizer_parameters.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../../../../google/protobuf/Duration.js';
import type { OnboardingRestriction as _com_digitalasset_canton_protocol_v30_OnboardingRestriction, OnboardingRestriction__Output as _com_digitalasset_canton_protocol_v30_OnboardingRestriction__Output } from '../../../../../com/digitalasset/canton/protocol/v30/OnboardingRestriction.js';
import type { ParticipantSynchronizerLimits as _com_digitalasset_canton_protocol_v30_ParticipantSynchronizerLimits, ParticipantSynchronizerLimits__Output as _com_digitalasset_canton_protocol_v30_ParticipantSynchronizerLimits__Output } from '../../../../../com/digitalasset/canton/protocol/v30/ParticipantSynchronizerLimits.js';
import type { TrafficControlParameters as _com_digitalasset_canton_protocol_v30_TrafficControlParameters, TrafficControlParameters__Output as _com_digitalasset_canton_protocol_v30_TrafficControlParameters__Output } from '../../../../../com/digitalasset/canton/protocol/v30/TrafficControlParameters.js';
import type { AcsCommitmentsCatchUpConfig as _com_digitalasset_canton_protocol_v30_AcsCommitmentsCatchUpConfig, AcsCommitmentsCatchUpConfig__Output as _com_digitalasset_canton_protocol_v30_AcsCommitmentsCatchUpConfig__Output } from '../../../../../com/digitalasset/canton/protocol/v30/AcsCommitmentsCatchUpConfig.js';

export interface DynamicSynchronizerParameters {
  'confirmation_response_timeout'?: (_google_protobuf_Duration | null);
  'mediator_reaction_timeout'?: (_google_protobuf_Duration | null);
  'assignment_exclusivity_timeout'?: (_google_protobuf_Duration | null);
  'ledger_time_record_time_tolerance'?: (_google_protobuf_Duration | null);
  'reconciliation_interval'?: (_google_protobuf_Duration | null);
  'mediator_deduplication_timeout'?: (_google_protobuf_Duration | null);
  'max_request_size'?: (number);
  'onboarding_restriction'?: (_com_digitalasset_canton_protocol_v30_OnboardingRestriction);
  'participant_synchronizer_limits'?: (_com_digitalasset_canton_protocol_v30_ParticipantSynchronizerLimits | null);
  'sequencer_aggregate_submission_timeout'?: (_google_protobuf_Duration | null);
  'traffic_control'?: (_com_digitalasset_canton_protocol_v30_TrafficControlParameters | null);
  'acs_commitments_catchup'?: (_com_digitalasset_canton_protocol_v30_AcsCommitmentsCatchUpConfig | null);
  'preparation_time_record_time_tolerance'?: (_google_protobuf_Duration | null);
}

export interface DynamicSynchronizerParameters__Output {
  'confirmation_response_timeout'?: (_google_protobuf_Duration__Output);
  'mediator_reaction_timeout'?: (_google_protobuf_Duration__Output);
  'assignment_exclusivity_timeout'?: (_google_protobuf_Duration__Output);
  'ledger_time_record_time_tolerance'?: (_google_protobuf_Duration__Output);
  'reconciliation_interval'?: (_google_protobuf_Duration__Output);
  'mediator_deduplication_timeout'?: (_google_protobuf_Duration__Output);
  'max_request_size'?: (number);
  'onboarding_restriction'?: (_com_digitalasset_canton_protocol_v30_OnboardingRestriction__Output);
  'participant_synchronizer_limits'?: (_com_digitalasset_canton_protocol_v30_ParticipantSynchronizerLimits__Output);
  'sequencer_aggregate_submission_timeout'?: (_google_protobuf_Duration__Output);
  'traffic_control'?: (_com_digitalasset_canton_protocol_v30_TrafficControlParameters__Output);
  'acs_commitments_catchup'?: (_com_digitalasset_canton_protocol_v30_AcsCommitmentsCatchUpConfig__Output);
  'preparation_time_record_time_tolerance'?: (_google_protobuf_Duration__Output);
}
