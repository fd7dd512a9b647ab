import { ADD, type TopologyTransaction } from './transaction.js';
import type { MappingOf } from './mapping.js';
import type { ManagerNode } from './manager.js';
import { topologyRefusal } from './refusals.js';
import type { Forces, Validating } from './validation.js';
import { checkVetting } from '../vetting-checks.js';

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
  if (value.participant_uid !== node.uid) return;
  const stored = against.store.latest(`vtp/${value.participant_uid}`)?.transaction.mapping;
  const idsOf = (packages: readonly { package_id: string }[]) =>
    new Set(packages.map((one) => one.package_id));
  checkVetting(against, {
    vetted: stored?.code === 'vtp' ? idsOf(stored.value.packages) : new Set(),
    next: idsOf(value.packages),
    ...node.ledger().packages(),
    forces,
  });
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
  const synchronizerId = node.ledger().withActiveContracts(value.party);
  if (synchronizerId === undefined) return;
  const cause =
    `Disable party ${value.party} failed because there are active contracts on synchronizer ${synchronizerId}, ` +
    'on which the party is a stakeholder. It may also have other contracts on other synchronizers. ' +
    'Set the ForceFlag.DisablePartyWithActiveContracts if you really know what you are doing.';
  const metadata = { partyId: value.party, synchronizerId };
  throw topologyRefusal(against, 'DISABLE_PARTY_WITH_ACTIVE_CONTRACTS', 9, cause, metadata);
}
