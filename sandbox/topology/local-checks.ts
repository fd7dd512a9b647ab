import { ADD, type TopologyTransaction } from './transaction.js';
import type { MappingOf } from './mapping.js';
import type { ManagerNode } from './manager.js';
import { topologyRefusal } from './refusals.js';
import type { Forces, Validating } from './validation.js';

/** Refuses what only the submitting node objects to, unless forced. Source: admin-api 1.6 and 3.3. */
export function checkLocally(
  node: ManagerNode,
  against: Validating,
  transaction: TopologyTransaction,
  forces: Forces,
): void {
  const { mapping } = transaction;
  if (mapping.code === 'otk')
    checkOwnMember(node, against, mapping.value.member.replace(/^PAR::/, ''), forces);
  if (mapping.code === 'vtp') {
    checkOwnMember(node, against, mapping.value.participant_uid, forces);
    if (transaction.operation === ADD) checkPackages(node, against, mapping, forces);
  }
  if (mapping.code === 'ptp') checkOffboarding(node, against, transaction, mapping, forces);
}

function checkOwnMember(node: ManagerNode, against: Validating, uid: string, forces: Forces): void {
  if (uid === node.uid || forces.has('FORCE_FLAG_ALIEN_MEMBER')) return;
  const cause = `It is dangerous to change the topology of member PAR::${uid} from this node. Use the force flag ALIEN_MEMBER.`;
  const metadata = { member: `PAR::${uid}` };
  throw topologyRefusal(against, 'DANGEROUS_COMMAND_REQUIRES_FORCE_ALIEN_MEMBER', 9, cause, metadata);
}

function checkPackages(
  node: ManagerNode,
  against: Validating,
  { value }: MappingOf<'vtp'>,
  forces: Forces,
): void {
  if (value.participant_uid !== node.uid || forces.has('FORCE_FLAG_ALLOW_UNKNOWN_PACKAGE')) return;
  const stored = against.store.latest(`vtp/${value.participant_uid}`)?.transaction.mapping;
  const vetted = new Set(
    stored?.code === 'vtp' ? stored.value.packages.map((one) => one.package_id) : [],
  );
  const known = node.ledger().packageIds();
  const missing = value.packages
    .map((one) => one.package_id)
    .filter((id) => !vetted.has(id) && !known.has(id));
  if (missing.length === 0) return;
  const cause = `Package vetting failed due to packages not existing on the local node: ${missing.join(', ')}`;
  const metadata = { packages: `List(${missing.join(', ')})` };
  throw topologyRefusal(against, 'CANNOT_VET_DUE_TO_MISSING_PACKAGES', 11, cause, metadata);
}

function checkOffboarding(
  node: ManagerNode,
  against: Validating,
  transaction: TopologyTransaction,
  { value }: MappingOf<'ptp'>,
  forces: Forces,
): void {
  const stored = against.store.latest(transaction.key)?.transaction;
  if (stored?.operation !== ADD || stored.mapping.code !== 'ptp') return;
  const isHost = (participants: readonly { participant_uid: string }[]) =>
    participants.some((host) => host.participant_uid === node.uid);
  const leaves =
    isHost(stored.mapping.value.participants) &&
    !(transaction.operation === ADD && isHost(value.participants));
  if (!leaves || forces.has('FORCE_FLAG_DISABLE_PARTY_WITH_ACTIVE_CONTRACTS')) return;
  if (!node.ledger().hasActiveContracts(value.party)) return;
  const cause = `Disable party ${value.party} failed because there are active contracts where the party is a stakeholder`;
  throw topologyRefusal(against, 'DISABLE_PARTY_WITH_ACTIVE_CONTRACTS', 9, cause, {
    partyId: value.party,
  });
}
