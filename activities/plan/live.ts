import type { ActiveContractSummary, VaultKey } from '../../model/participant.js';
import {
  isLive,
  movedParties,
  namespaceOf,
  type Finding,
  type MigrationPlan,
  type PlannedMigration,
  type PlannedLiveRoute,
} from '../../model/plan.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { findUnreliable } from './counter-participants.js';
import { when } from './finding.js';
import { countContracts, type ContractCount } from './contracts.js';
import { protocolVersionOf } from './keys.js';
import { unsupported } from './namespaces.js';
import type { NodeReading } from './nodes.js';
import { forEachOf } from '../attempt/waiting.js';

/** Reads of single parties under way at once. */
const READS_AT_ONCE = 20;

/** The only one the route was run with. Source: live-route 1. */
const PROTOCOL_VERSION = 34;

/** A delegation with one of these may sign the mapping of a party. */
const SIGNS_PARTIES = ['CanSignAllMappings', 'CanSignAllButNamespaceDelegations'];

interface LiveReadings {
  counted: ContractCount;
  source: NodeReading;
  target: NodeReading;
  joins: boolean;
}

/** Works out what only the live route has to know, from reads of both nodes; topology is read on the source. */
export async function planLive(
  plan: PlannedMigration,
  readings: LiveReadings,
  participants: { source: ParticipantReads; target: ParticipantReads },
): Promise<PlannedLiveRoute> {
  const { source } = participants;
  const { logicalId } = plan.source.synchronizer;
  const { counted, joins } = readings;
  const hosted = await source.topology.listPartyMappings(
    { synchronizerId: logicalId },
    { participantUid: plan.target.uid },
  );
  const onTarget = new Set(hosted.map(({ party }) => party));
  const signs = (node: NodeReading, namespaces: string[]) =>
    canSign(node.keys, namespaces, source, logicalId);
  const namespaces = plan.namespaces.map(({ namespace }) => namespace);
  const undelegated = plan.namespaces.filter(({ delegation }) => !delegation);
  const canTargetSign = await signs(
    readings.target,
    undelegated.map(({ namespace }) => namespace),
  );
  const isSourceSigning = await signs(readings.source, namespaces);
  const counterParticipants = await findCounterParticipants(plan, counted, source);
  const unreliable = await findUnreliable(source, {
    synchronizerId: logicalId,
    counterParticipants: counterParticipants.before.filter((uid) => uid !== plan.source.uid),
    excepted: plan.request.options?.exceptCounterParticipants ?? [],
  });
  return {
    joins,
    alreadyHosted: [...counted.sharedWith].filter((party) => onTarget.has(party)).sort(),
    counterParticipants,
    ...(unreliable.length > 0 && { unreliable }),
    removalSigner: canTargetSign ? 'target' : 'source',
    proposalSigner: isSourceSigning ? 'source' : 'offline',
    isProposalEffective: isSourceSigning
      ? await mightSign(readings.source.keys, namespaceOf(plan.target.uid), source, logicalId)
      : namespaces.includes(namespaceOf(plan.target.uid)),
    staleOnTarget: joins ? 0 : await countStale(plan, participants.target, onTarget),
  };
}

/** Whether keys of a node may sign the mappings of parties in all of these namespaces. */
async function canSign(
  keys: VaultKey[],
  namespaces: string[],
  reader: ParticipantReads,
  synchronizerId: string,
): Promise<boolean> {
  const held = new Set(
    keys.filter(({ usages }) => usages.includes('NAMESPACE')).map(({ fingerprint }) => fingerprint),
  );
  for (const namespace of namespaces) {
    if (held.has(namespace)) continue;
    const delegations = await reader.topology.listDelegations({ synchronizerId }, namespace);
    const isSignable = delegations.some(
      ({ targetKey, restriction }) => held.has(targetKey) && SIGNS_PARTIES.includes(restriction),
    );
    if (!isSignable) return false;
  }
  return true;
}

/** Whether one of the keys may sign anything at all for a namespace: more than {@link canSign} is sure of. */
async function mightSign(
  keys: VaultKey[],
  namespace: string,
  reader: ParticipantReads,
  synchronizerId: string,
): Promise<boolean> {
  const held = new Set(keys.map(({ fingerprint }) => fingerprint));
  const delegations = await reader.topology.listDelegations({ synchronizerId }, namespace);
  return held.has(namespace) || delegations.some(({ targetKey }) => held.has(targetKey));
}

/** Two participants compare the contracts of which both host a stakeholder. Source: live-route 7. */
async function findCounterParticipants(
  plan: PlannedMigration,
  counted: ContractCount,
  source: ParticipantReads,
): Promise<PlannedLiveRoute['counterParticipants']> {
  const store = { synchronizerId: plan.source.synchronizer.logicalId };
  const hosts = new Set<string>();
  await forEachOf([...counted.sharedWith], READS_AT_ONCE, async (party) => {
    const found = await source.topology.listPartyMappings(store, { party });
    const mapping = found.find((its) => its.party === party);
    for (const { participantUid } of mapping?.hosts ?? []) hosts.add(participantUid);
  });
  hosts.delete(plan.target.uid);
  const before = counted.total > 0 ? new Set(hosts).add(plan.source.uid) : hosts;
  return { before: [...before].sort(), after: [...hosts].sort() };
}

/** Contracts that the target has only because an earlier attempt imported them: it hosts none of their stakeholders. */
async function countStale(
  plan: PlannedMigration,
  target: ParticipantReads,
  onTarget: ReadonlySet<string>,
) {
  let stale = 0;
  const visit = ({ stakeholders }: ActiveContractSummary) => {
    if (!stakeholders.some((party) => onTarget.has(party))) stale += 1;
  };
  await countContracts(target, movedParties(plan), plan.source.synchronizer.logicalId, visit);
  return stale;
}

/** What stands in the way of the live route only, each with its cure. */
export async function liveObstacles(
  plan: MigrationPlan,
  source: ParticipantReads,
  sourceKeys: VaultKey[],
): Promise<Finding[]> {
  const { source: from, target: to } = plan;
  if (!isLive(plan)) {
    if (plan.request.route !== 'live') return [];
    return [
      {
        type: 'LiveNeedsOneSynchronizer',
        what: `the source uses ${from.synchronizer.logicalId}, the target ${to.synchronizer.logicalId}: on the route live both nodes host the parties on one synchronizer`,
        cure: "name the source's synchronizer as targetSynchronizer too, or leave route out",
      },
    ];
  }
  const { live } = plan;
  const { logicalId, physicalId, alias } = from.synchronizer;
  const removes = live.removalSigner === 'target';
  const canRemove = removes || (await canSign(sourceKeys, [namespaceOf(from.uid)], source, logicalId));
  return [
    ...when(!isServing(plan), {
      type: 'SourceNotServing',
      what: `${from.name} is not connected to ${alias}: on the route live it serves to the end, and proposes the parties over that connection`,
      cure: 'connect the source to the synchronizer',
    }),
    ...when(protocolVersionOf(from.synchronizer) !== PROTOCOL_VERSION, {
      type: 'ProtocolVersionUnsupported',
      what: `${physicalId} does not have protocol version ${PROTOCOL_VERSION}, the only one that the route live was tested with`,
      cure: 'use a synchronizer of protocol version 34, or take the route new-synchronizer',
    }),
    ...when(live.joins && to.connections.some((its) => its.alias === alias), {
      type: 'AliasTaken',
      what: `${to.name} has to join ${logicalId}, and uses its alias ${alias} for another synchronizer or one it never reached`,
      cure: 'connect the target to the synchronizer by hand, under an alias of its own',
    }),
    ...when(!canRemove, {
      type: 'RemovalNotSigned',
      what: `neither ${to.name} can sign for the parties, nor ${from.name} for itself: nobody could remove the source as host`,
      cure: 'set options.delegation to create, or import the root key into the source until the migration is over',
    }),
    ...(live.proposalSigner === 'offline' ? proposalKeyObstacles(plan) : []),
  ];
}

/** Root keys of which no offline signature is understood, unless the delegation needs one, too. */
function proposalKeyObstacles({ namespaces }: MigrationPlan): Finding[] {
  return namespaces
    .filter(({ delegation }) => delegation?.signer !== 'offline')
    .flatMap(({ rootKey }) => unsupported(rootKey));
}

function isServing({ source }: MigrationPlan): boolean {
  return source.connections.some(
    ({ alias, isConnected }) => alias === source.synchronizer.alias && isConnected,
  );
}
