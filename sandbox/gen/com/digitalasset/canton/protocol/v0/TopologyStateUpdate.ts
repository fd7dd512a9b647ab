// Original file: com/digitalasset/canton/protocol/v0/topology.proto

import type { TopologyChangeOp as _com_digitalasset_canton_protocol_v0_TopologyChangeOp, TopologyChangeOp__Output as _com_digitalasset_canton_protocol_v0_TopologyChangeOp__Output } from '../../../../../com/digitalasset/canton/protocol/v0/TopologyChangeOp.js';
import type { NamespaceDelegation as _com_digitalasset_canton_protocol_v0_NamespaceDelegation, NamespaceDelegation__Output as _com_digitalasset_canton_protocol_v0_NamespaceDelegation__Output } from '../../../../../com/digitalasset/canton/protocol/v0/NamespaceDelegation.js';
import type { IdentifierDelegation as _com_digitalasset_canton_protocol_v0_IdentifierDelegation, IdentifierDelegation__Output as _com_digitalasset_canton_protocol_v0_IdentifierDelegation__Output } from '../../../../../com/digitalasset/canton/protocol/v0/IdentifierDelegation.js';
import type { OwnerToKeyMapping as _com_digitalasset_canton_protocol_v0_OwnerToKeyMapping, OwnerToKeyMapping__Output as _com_digitalasset_canton_protocol_v0_OwnerToKeyMapping__Output } from '../../../../../com/digitalasset/canton/protocol/v0/OwnerToKeyMapping.js';
import type { PartyToParticipant as _com_digitalasset_canton_protocol_v0_PartyToParticipant, PartyToParticipant__Output as _com_digitalasset_canton_protocol_v0_PartyToParticipant__Output } from '../../../../../com/digitalasset/canton/protocol/v0/PartyToParticipant.js';
import type { ParticipantState as _com_digitalasset_canton_protocol_v0_ParticipantState, ParticipantState__Output as _com_digitalasset_canton_protocol_v0_ParticipantState__Output } from '../../../../../com/digitalasset/canton/protocol/v0/ParticipantState.js';
import type { VettedPackages as _com_digitalasset_canton_protocol_v0_VettedPackages, VettedPackages__Output as _com_digitalasset_canton_protocol_v0_VettedPackages__Output } from '../../../../../com/digitalasset/canton/protocol/v0/VettedPackages.js';
import type { MediatorDomainState as _com_digitalasset_canton_protocol_v0_MediatorDomainState, MediatorDomainState__Output as _com_digitalasset_canton_protocol_v0_MediatorDomainState__Output } from '../../../../../com/digitalasset/canton/protocol/v0/MediatorDomainState.js';

export interface TopologyStateUpdate {
  'operation'?: (_com_digitalasset_canton_protocol_v0_TopologyChangeOp);
  'id'?: (string);
  'namespace_delegation'?: (_com_digitalasset_canton_protocol_v0_NamespaceDelegation | null);
  'identifier_delegation'?: (_com_digitalasset_canton_protocol_v0_IdentifierDelegation | null);
  'owner_to_key_mapping'?: (_com_digitalasset_canton_protocol_v0_OwnerToKeyMapping | null);
  'party_to_participant'?: (_com_digitalasset_canton_protocol_v0_PartyToParticipant | null);
  'participant_state'?: (_com_digitalasset_canton_protocol_v0_ParticipantState | null);
  'vetted_packages'?: (_com_digitalasset_canton_protocol_v0_VettedPackages | null);
  'mediator_domain_state'?: (_com_digitalasset_canton_protocol_v0_MediatorDomainState | null);
  'mapping'?: "namespace_delegation"|"identifier_delegation"|"owner_to_key_mapping"|"party_to_participant"|"participant_state"|"vetted_packages"|"mediator_domain_state";
}

export interface TopologyStateUpdate__Output {
  'operation'?: (_com_digitalasset_canton_protocol_v0_TopologyChangeOp__Output);
  'id'?: (string);
  'namespace_delegation'?: (_com_digitalasset_canton_protocol_v0_NamespaceDelegation__Output);
  'identifier_delegation'?: (_com_digitalasset_canton_protocol_v0_IdentifierDelegation__Output);
  'owner_to_key_mapping'?: (_com_digitalasset_canton_protocol_v0_OwnerToKeyMapping__Output);
  'party_to_participant'?: (_com_digitalasset_canton_protocol_v0_PartyToParticipant__Output);
  'participant_state'?: (_com_digitalasset_canton_protocol_v0_ParticipantState__Output);
  'vetted_packages'?: (_com_digitalasset_canton_protocol_v0_VettedPackages__Output);
  'mediator_domain_state'?: (_com_digitalasset_canton_protocol_v0_MediatorDomainState__Output);
  'mapping'?: "namespace_delegation"|"identifier_delegation"|"owner_to_key_mapping"|"party_to_participant"|"participant_state"|"vetted_packages"|"mediator_domain_state";
}
