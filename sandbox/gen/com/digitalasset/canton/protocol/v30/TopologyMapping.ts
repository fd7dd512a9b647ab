// Original file: com/digitalasset/canton/protocol/v30/topology.proto

import type { NamespaceDelegation as _com_digitalasset_canton_protocol_v30_NamespaceDelegation, NamespaceDelegation__Output as _com_digitalasset_canton_protocol_v30_NamespaceDelegation__Output } from '../../../../../com/digitalasset/canton/protocol/v30/NamespaceDelegation.js';
import type { DecentralizedNamespaceDefinition as _com_digitalasset_canton_protocol_v30_DecentralizedNamespaceDefinition, DecentralizedNamespaceDefinition__Output as _com_digitalasset_canton_protocol_v30_DecentralizedNamespaceDefinition__Output } from '../../../../../com/digitalasset/canton/protocol/v30/DecentralizedNamespaceDefinition.js';
import type { OwnerToKeyMapping as _com_digitalasset_canton_protocol_v30_OwnerToKeyMapping, OwnerToKeyMapping__Output as _com_digitalasset_canton_protocol_v30_OwnerToKeyMapping__Output } from '../../../../../com/digitalasset/canton/protocol/v30/OwnerToKeyMapping.js';
import type { SynchronizerTrustCertificate as _com_digitalasset_canton_protocol_v30_SynchronizerTrustCertificate, SynchronizerTrustCertificate__Output as _com_digitalasset_canton_protocol_v30_SynchronizerTrustCertificate__Output } from '../../../../../com/digitalasset/canton/protocol/v30/SynchronizerTrustCertificate.js';
import type { ParticipantSynchronizerPermission as _com_digitalasset_canton_protocol_v30_ParticipantSynchronizerPermission, ParticipantSynchronizerPermission__Output as _com_digitalasset_canton_protocol_v30_ParticipantSynchronizerPermission__Output } from '../../../../../com/digitalasset/canton/protocol/v30/ParticipantSynchronizerPermission.js';
import type { PartyHostingLimits as _com_digitalasset_canton_protocol_v30_PartyHostingLimits, PartyHostingLimits__Output as _com_digitalasset_canton_protocol_v30_PartyHostingLimits__Output } from '../../../../../com/digitalasset/canton/protocol/v30/PartyHostingLimits.js';
import type { VettedPackages as _com_digitalasset_canton_protocol_v30_VettedPackages, VettedPackages__Output as _com_digitalasset_canton_protocol_v30_VettedPackages__Output } from '../../../../../com/digitalasset/canton/protocol/v30/VettedPackages.js';
import type { PartyToParticipant as _com_digitalasset_canton_protocol_v30_PartyToParticipant, PartyToParticipant__Output as _com_digitalasset_canton_protocol_v30_PartyToParticipant__Output } from '../../../../../com/digitalasset/canton/protocol/v30/PartyToParticipant.js';
import type { SynchronizerParametersState as _com_digitalasset_canton_protocol_v30_SynchronizerParametersState, SynchronizerParametersState__Output as _com_digitalasset_canton_protocol_v30_SynchronizerParametersState__Output } from '../../../../../com/digitalasset/canton/protocol/v30/SynchronizerParametersState.js';
import type { PartyToKeyMapping as _com_digitalasset_canton_protocol_v30_PartyToKeyMapping, PartyToKeyMapping__Output as _com_digitalasset_canton_protocol_v30_PartyToKeyMapping__Output } from '../../../../../com/digitalasset/canton/protocol/v30/PartyToKeyMapping.js';
import type { LsuAnnouncement as _com_digitalasset_canton_protocol_v30_LsuAnnouncement, LsuAnnouncement__Output as _com_digitalasset_canton_protocol_v30_LsuAnnouncement__Output } from '../../../../../com/digitalasset/canton/protocol/v30/LsuAnnouncement.js';
import type { LsuSequencerConnectionSuccessor as _com_digitalasset_canton_protocol_v30_LsuSequencerConnectionSuccessor, LsuSequencerConnectionSuccessor__Output as _com_digitalasset_canton_protocol_v30_LsuSequencerConnectionSuccessor__Output } from '../../../../../com/digitalasset/canton/protocol/v30/LsuSequencerConnectionSuccessor.js';

export interface TopologyMapping {
  'namespace_delegation'?: (_com_digitalasset_canton_protocol_v30_NamespaceDelegation | null);
  'decentralized_namespace_definition'?: (_com_digitalasset_canton_protocol_v30_DecentralizedNamespaceDefinition | null);
  'owner_to_key_mapping'?: (_com_digitalasset_canton_protocol_v30_OwnerToKeyMapping | null);
  'synchronizer_trust_certificate'?: (_com_digitalasset_canton_protocol_v30_SynchronizerTrustCertificate | null);
  'participant_permission'?: (_com_digitalasset_canton_protocol_v30_ParticipantSynchronizerPermission | null);
  'party_hosting_limits'?: (_com_digitalasset_canton_protocol_v30_PartyHostingLimits | null);
  'vetted_packages'?: (_com_digitalasset_canton_protocol_v30_VettedPackages | null);
  'party_to_participant'?: (_com_digitalasset_canton_protocol_v30_PartyToParticipant | null);
  'synchronizer_parameters_state'?: (_com_digitalasset_canton_protocol_v30_SynchronizerParametersState | null);
  'party_to_key_mapping'?: (_com_digitalasset_canton_protocol_v30_PartyToKeyMapping | null);
  'lsu_announcement'?: (_com_digitalasset_canton_protocol_v30_LsuAnnouncement | null);
  'lsu_sequencer_connection_successor'?: (_com_digitalasset_canton_protocol_v30_LsuSequencerConnectionSuccessor | null);
  'mapping'?: "namespace_delegation"|"decentralized_namespace_definition"|"owner_to_key_mapping"|"synchronizer_trust_certificate"|"participant_permission"|"party_hosting_limits"|"vetted_packages"|"party_to_participant"|"synchronizer_parameters_state"|"party_to_key_mapping"|"lsu_announcement"|"lsu_sequencer_connection_successor";
}

export interface TopologyMapping__Output {
  'namespace_delegation'?: (_com_digitalasset_canton_protocol_v30_NamespaceDelegation__Output);
  'decentralized_namespace_definition'?: (_com_digitalasset_canton_protocol_v30_DecentralizedNamespaceDefinition__Output);
  'owner_to_key_mapping'?: (_com_digitalasset_canton_protocol_v30_OwnerToKeyMapping__Output);
  'synchronizer_trust_certificate'?: (_com_digitalasset_canton_protocol_v30_SynchronizerTrustCertificate__Output);
  'participant_permission'?: (_com_digitalasset_canton_protocol_v30_ParticipantSynchronizerPermission__Output);
  'party_hosting_limits'?: (_com_digitalasset_canton_protocol_v30_PartyHostingLimits__Output);
  'vetted_packages'?: (_com_digitalasset_canton_protocol_v30_VettedPackages__Output);
  'party_to_participant'?: (_com_digitalasset_canton_protocol_v30_PartyToParticipant__Output);
  'synchronizer_parameters_state'?: (_com_digitalasset_canton_protocol_v30_SynchronizerParametersState__Output);
  'party_to_key_mapping'?: (_com_digitalasset_canton_protocol_v30_PartyToKeyMapping__Output);
  'lsu_announcement'?: (_com_digitalasset_canton_protocol_v30_LsuAnnouncement__Output);
  'lsu_sequencer_connection_successor'?: (_com_digitalasset_canton_protocol_v30_LsuSequencerConnectionSuccessor__Output);
  'mapping'?: "namespace_delegation"|"decentralized_namespace_definition"|"owner_to_key_mapping"|"synchronizer_trust_certificate"|"participant_permission"|"party_hosting_limits"|"vetted_packages"|"party_to_participant"|"synchronizer_parameters_state"|"party_to_key_mapping"|"lsu_announcement"|"lsu_sequencer_connection_successor";
}
