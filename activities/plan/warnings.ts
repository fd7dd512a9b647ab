import { counted, firstOf, listed } from '../../model/count.js';
import { describeHosting, isSameHosting, onboardingHosting } from '../../model/hosting.js';
import type { PruningSchedule } from '../../model/participant.js';
import {
  isLive,
  isReverse,
  namespaceOf,
  type Finding,
  type LivePlan,
  type WithParties,
} from '../../model/plan.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { findCounterParticipantWarnings } from './counter-participants.js';
import { TOLD, when, whenFound } from './finding.js';
import { protocolVersionOf } from '../../model/physical-id.js';
import { findFormerHostWarnings, findSpliceWarnings } from './others.js';
import type { ContractCount } from './contracts.js';
import { KEPT } from './local-state.js';
import { isDelegable } from './namespaces.js';
import type { Readings } from './obstacles.js';
import { findVersionWarnings } from './versions.js';

/** The newest that both routes were run with. Source: networks J, item 12. */
export const TESTED_PROTOCOL_VERSION = 35;

/** What does not stand in the way but is better known before. Reads only. */
export async function findWarnings(
  { plan, counted, allowed }: Pick<Readings, 'plan' | 'counted' | 'allowed'>,
  { source, target }: { source: ParticipantReads; target: ParticipantReads },
): Promise<Finding[]> {
  return [
    ...findLocalStateWarnings(plan, await source.health.findPruningSchedule()),
    ...when(leftParties(plan).length === plan.parties.length - 1, {
      type: 'NothingToMove',
      what: `${plan.source.name} hosts no party that can move on ${plan.source.synchronizer.alias}`,
      cure: 'check the source, its synchronizer and the parties of the request',
    }),
    ...findElsewhereWarnings(counted),
    ...(await findSpliceWarnings(plan, source)),
    ...(await findFormerHostWarnings(plan, target)),
    ...findVersionWarnings([plan.source, plan.target]),
    ...findNodeWarnings(plan, allowed),
    ...(isLive(plan) ? await findLiveWarnings(plan, source) : findNewSynchronizerWarnings(plan)),
  ];
}

function findLocalStateWarnings(plan: WithParties, schedule: PruningSchedule | undefined): Finding[] {
  const kept = (plan.localState?.excluded ?? []).filter(({ why }) => why === KEPT);
  const { count, named } = plan.localState?.surplus ?? { count: 0, named: [] };
  return [
    ...whenFound(schedule, ({ cron }) => ({
      type: 'PruningScheduled',
      what: `${plan.source.name} prunes by schedule (${cron}), which would make it impossible to repeat an export`,
      cure: 'nothing: migrate-local-state suspends the schedule, and an abort sets it again',
    })),
    ...when(kept.length > 0, {
      type: 'TargetKeepsSettings',
      what: `${plan.target.name} was given its own ${kept.map(({ what }) => what).join(' and ')}, which stay`,
      cure: 'set them on the target as you want them; clear its pruning schedule until the migration has ended',
    }),
    ...when(count > 0, {
      type: 'UsersOfTarget',
      what: `${plan.target.name} has users or rights that ${plan.source.name} does not have, and keeps them: ${firstOf(named, count)}`,
      cure: 'remove from the target what must not be there; on a reverse migration, also what was removed since on the source',
    }),
  ];
}

function findNewSynchronizerWarnings(plan: WithParties): Finding[] {
  const { contracts } = plan;
  const left = leftParties(plan);
  const firstGate = plan.request.options?.copy === 'warm' ? 'warm-copy' : 'interrupt-service';
  return [
    ...when(!isReverse(plan) && !isConnected(plan), {
      type: 'SourceNotConnected',
      what: `${plan.source.name} is connected to no synchronizer: what was read of it may be out of date`,
      cure: `plan again when it serves, unless it is meant to be down; ${TOLD}${plan.source.uid}`,
    }),
    ...when(left.length > 0, {
      type: 'PartiesLeft',
      what: `${counted(left.length, 'party stays', 'parties stay')} on ${plan.source.name}, which serves nobody after the cut-over: ${listed(left.map(({ party }) => party))}`,
      cure: 'name in the request those that it left out; parties that others host too, or whose threshold is above one, move on the route live, with both nodes on one synchronizer; for any other the plan says why it stays',
    }),
    ...findTargetWarnings(plan, `from the gate ${firstGate} until the cut-over`),
    ...when(contracts.treatment === 'include' && contracts.shared > 0, {
      type: 'ContractsOnTwoSynchronizers',
      what: `${contracts.shared} contracts have stakeholders that do not move, who keep them on the source synchronizer`,
      cure: 'make sure that every stakeholder migrates the same contracts, or exclude them',
    }),
  ];
}

function findElsewhereWarnings({
  elsewhere,
  twice,
}: Pick<ContractCount, 'elsewhere' | 'twice'>): Finding[] {
  const counts = [...elsewhere].map(([id, count]) => `${count} on ${id}`);
  const stale =
    twice > 0 ? `; ${twice} contracts that move are there as well, stale, of an earlier migration` : '';
  return when(counts.length > 0, {
    type: 'ContractsElsewhere',
    what: `contracts of the parties on other synchronizers are not moved: ${counts.join(', ')}${stale}`,
    cure: 'reassign them to the source synchronizer first if they are to move; leave those that are stale',
  });
}

function findNodeWarnings(plan: WithParties, allowed: Readings['allowed']): Finding[] {
  const silent = 'unanswered' in allowed ? allowed.unanswered : undefined;
  const untested = [plan.source.synchronizer, plan.target.synchronizer]
    .filter((its) => protocolVersionOf(its) > TESTED_PROTOCOL_VERSION)
    .map(({ physicalId }) => physicalId);
  return [
    ...when(plan.direction === 'same-key-storage', {
      type: 'SameKeyStorage',
      what: `${plan.source.name} and ${plan.target.name} keep their keys in the same way (KMS-backed: ${plan.target.isKmsBacked})`,
      cure: 'check that these are the nodes you mean',
    }),
    ...when(protocolVersionOf(plan.target.synchronizer) < protocolVersionOf(plan.source.synchronizer), {
      type: 'ProtocolVersionLower',
      what: `contracts move from ${plan.source.synchronizer.physicalId} to ${plan.target.synchronizer.physicalId}, which has a lower protocol version`,
      cure: 'nothing from version 35 to 34, which was tested on real participants: ids and content stay the same, and contracts of either version can be used',
    }),
    ...when(untested.length > 0, {
      type: 'ProtocolVersionUntested',
      what: `${listed([...new Set(untested)])} has a newer protocol version than ${TESTED_PROTOCOL_VERSION}, the newest that was tested`,
      cure: 'rehearse the migration on a test network of that version first, or use a release of canton-migrate that was tested with it',
    }),
    ...whenFound(silent, (sequencers) => ({
      type: 'KeySchemesNotChecked',
      what: `no sequencer of ${plan.target.synchronizer.alias} told the worker which keys it allows: ${listed(sequencers) || 'none is configured'}`,
      cure: 'let the worker reach a sequencer of the target synchronizer, or compare its static parameters with the keys of the target by hand; the target itself did when it connected',
    })),
  ];
}

/**
 * What others proposed for the parties, or an earlier attempt for another target: it can take effect while the migration
 * runs, and a proposal cannot be taken back.
 */
async function findProposalWarnings(plan: WithParties, source: ParticipantReads): Promise<Finding[]> {
  const found = await findProposalsOfOthers(plan, source);
  return when(found.length > 0, {
    type: 'ProposalsOfOthers',
    what: `somebody proposed another hosting, which is not in effect: ${listed(found)}`,
    cure: 'find out who proposed it, and have nobody sign it until the migration is over: the migration signs only its own proposals, and stops if the hosting of a party changes',
  });
}

/** Parties that move, with another hosting that is proposed on the synchronizer of the source. Ordered. */
export async function findProposalsOfOthers(
  { source, target, parties }: WithParties,
  { topology }: ParticipantReads,
): Promise<string[]> {
  const store = { synchronizerId: source.synchronizer.logicalId };
  const uids = { sourceUid: source.uid, targetUid: target.uid };
  const ours = new Map(
    parties.filter(({ treatment }) => treatment === 'move').map((its) => [its.party, its]),
  );
  const proposals = await topology.listPartyMappings(store, {}, { isProposal: true });
  const others = proposals.filter((mapping) => {
    const its = ours.get(mapping.party);
    return its && !isSameHosting(mapping, onboardingHosting(its, uids));
  });
  return others.map((mapping) => `${mapping.party} by ${describeHosting(mapping)}`).sort();
}

/** Both routes disconnect the target, and with it whoever else it serves. */
function findTargetWarnings({ target }: WithParties, away: string): Finding[] {
  const { hosted, name, connections } = target;
  const count = hosted.reduce((sum, its) => sum + its.count, 0);
  return when(count > 0 && connections.some(({ isConnected }) => isConnected), {
    type: 'TargetOutOfService',
    what: `${name} hosts ${counted(count, 'party', 'parties')} already, out of service while it is disconnected: ${away}`,
    cure: 'tell their applications about the downtime, or use a target that hosts nobody yet',
  });
}

async function findLiveWarnings(
  plan: WithParties<LivePlan>,
  onSource: ParticipantReads,
): Promise<Finding[]> {
  const { source, target, live } = plan;
  const left = leftParties(plan).map(({ party }) => party);
  const undelegated = plan.parties.filter(
    (its) => isDelegable(its) && !live.targetSigns.includes(namespaceOf(its.party)),
  ).length;
  return [
    ...findTargetWarnings(plan, 'from the gate target-backup until it has every contract'),
    ...(await findProposalWarnings(plan, onSource)),
    ...findCounterParticipantWarnings(plan),
    ...when(plan.request.route === undefined, {
      type: 'LiveRouteChosen',
      what: `the request names no route, and ${plan.request.targetSynchronizer} is the synchronizer of ${source.name}: ${target.name} becomes a host beside it on ${source.synchronizer.logicalId}, by the route live`,
      cure: 'set route to live if that is intended; otherwise set targetSynchronizer to the other synchronizer',
    }),
    ...when(left.length > 0, {
      type: 'PartiesStay',
      what: `${counted(left.length, 'party stays', 'parties stay')} on ${source.name}, which goes on serving ${left.length === 1 ? 'it' : 'them'}: ${listed(left)}`,
      cure: 'keep the source running; or move them by the means their class allows (docs/phases/recreate-parties.md)',
    }),
    ...when(live.staleOnTarget > 0, {
      type: 'StaleContracts',
      what: `${target.name} has ${live.staleOnTarget} contracts of the parties without being their host, of an earlier attempt`,
      cure: 'nothing if an earlier attempt was aborted: contracts that the source no longer has are purged; otherwise find out who imported them',
    }),
    ...when(undelegated > 0 && plan.request.options?.delegation === 'none', {
      type: 'NotDelegated',
      what: `nothing is delegated to ${target.name}, which cannot sign for ${undelegated} of the parties: ${source.name} removes itself as host, by force, and later changes need the root key`,
      cure: 'nothing if that is intended; otherwise set options.delegation to create',
    }),
  ];
}

function leftParties({ parties }: WithParties) {
  return parties.filter(({ treatment, class: its }) => treatment === 'leave' && its !== 'admin');
}

export function isConnected({ source }: WithParties): boolean {
  return source.connections.some((its) => its.isConnected);
}
