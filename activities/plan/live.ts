import { counted, listed } from '../../model/count.js';
import type { ActiveContractSummary, VaultKey } from '../../model/participant.js';
import {
  delegationsOf,
  isLive,
  namespaceOf,
  type Finding,
  type WithParties,
  type PlannedMigration,
  type PlannedLiveRoute,
} from '../../model/plan.js';
import { PARTY_VIEWS } from '../../model/plan-parties.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { haveSameSequencers } from '../../canton/v30/synchronizers.js';
import { onboardingHosting } from '../../model/hosting.js';
import { describeSignedByTarget, findSignedByTarget } from '../hosting/target-signatures.js';
import { findUnreliable } from './counter-participants.js';
import { TOLD, when } from './finding.js';
import { countContracts, type ContractCount } from './contracts.js';
import { signersAmong } from './key-use.js';
import type { NamespaceSigners } from './signers.js';
import { mappingsOf } from '../hosting/hosted.js';
import { unsupported } from './namespaces.js';
import type { NodeReading } from './nodes.js';

interface LiveReadings {
  counted: ContractCount;
  signers: NamespaceSigners;
  source: NodeReading;
  target: NodeReading;
  joins: boolean;
}

/** Works out what only the live route has to know, from reads of both nodes; topology is read on the source. */
export async function planLive(
  plan: WithParties<PlannedMigration>,
  readings: LiveReadings,
  participants: { source: ParticipantReads; target: ParticipantReads },
): Promise<PlannedLiveRoute> {
  const { source } = participants;
  const { logicalId } = plan.source.synchronizer;
  const { counted, joins, signers } = readings;
  const hosted = await source.topology.listPartyMappings(
    { synchronizerId: logicalId },
    { participantUid: plan.target.uid },
  );
  const onTarget = new Set(hosted.map(({ party }) => party));
  const delegated = new Set(delegationsOf(plan).map(({ namespace }) => namespace));
  const moved = plan.parties.filter(({ treatment }) => treatment === 'move');
  const namespaces = [...new Set(moved.map(({ party }) => namespaceOf(party)))].sort();
  const ofTarget = namespaceOf(plan.target.uid);
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
    sourceSigns: namespaces.filter((its) => signers.isSignedBy('source', its)),
    signedByOthers: moved.filter(({ party }) => !signers.isSignedBy('source', namespaceOf(party)))
      .length,
    targetSigns: namespaces.filter((its) => delegated.has(its) || signers.isSignedBy('target', its)),
    isProposalEffective:
      moved.some((its) => its.signers?.namespaces.includes(ofTarget)) ||
      (await mightSign(readings.source.keys, ofTarget, source, logicalId)),
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
  for (const namespace of namespaces) {
    const delegations = await reader.topology.listDelegations({ synchronizerId }, namespace);
    if (signersAmong(keys, namespace, delegations).length === 0) return false;
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
  plan: WithParties<PlannedMigration>,
  counted: ContractCount,
  source: ParticipantReads,
): Promise<PlannedLiveRoute['counterParticipants']> {
  const store = { synchronizerId: plan.source.synchronizer.logicalId };
  const sharing = await mappingsOf(source, store, [...counted.sharedWith]);
  // The other hosts of a party that moves have its contracts as well.
  const others = plan.parties.flatMap(({ treatment, hosting, contractCount }) =>
    treatment === 'move' && (contractCount ?? 0) > 0 ? (hosting?.hosts ?? []) : [],
  );
  const all = [...[...sharing.values()].flatMap((its) => its.hosts), ...others];
  const hosts = new Set(all.map(({ participantUid }) => participantUid));
  const isShared = [...sharing.values()].some((its) =>
    its.hosts.some(({ participantUid }) => participantUid === plan.source.uid),
  );
  if (!isShared) hosts.delete(plan.source.uid);
  hosts.delete(plan.target.uid);
  const before = counted.total > 0 ? new Set(hosts).add(plan.source.uid) : hosts;
  return { before: [...before].sort(), after: [...hosts].sort() };
}

/** Contracts that the target has only because an earlier attempt imported them: it hosts none of their stakeholders. */
async function countStale(
  plan: WithParties<PlannedMigration>,
  target: ParticipantReads,
  onTarget: ReadonlySet<string>,
) {
  let stale = 0;
  const visit = ({ stakeholders }: ActiveContractSummary) => {
    if (!stakeholders.some((party) => onTarget.has(party))) stale += 1;
  };
  await countContracts(
    target,
    PARTY_VIEWS.moved(plan.parties),
    plan.source.synchronizer.logicalId,
    visit,
  );
  return stale;
}

/** What stands in the way of the live route only, each with its cure. */
export async function liveObstacles(
  plan: WithParties,
  { source, target }: { source: ParticipantReads; target: ParticipantReads },
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
  const { logicalId, alias } = from.synchronizer;
  const isTaken =
    live.joins &&
    to.connections.some((its) => its.alias === alias) &&
    !(await isRefusedJoin({ source, target }, alias));
  const ofTarget = new Set(live.targetSigns);
  const forced = PARTY_VIEWS.moved(plan.parties).filter((party) => !ofTarget.has(namespaceOf(party)));
  const canRemove =
    forced.length === 0 || (await canSign(sourceKeys, [namespaceOf(from.uid)], source, logicalId));
  return [
    ...when(!isServing(plan), {
      type: 'SourceNotServing',
      what: `${from.name} is not connected to ${alias}: on the route live it serves to the end, and proposes the parties over that connection`,
      cure: `find out who disconnected it; ${TOLD}${from.uid}`,
    }),
    ...when(isTaken, {
      type: 'AliasTaken',
      what: `${to.name} has to join ${logicalId}, and uses its alias ${alias} for another synchronizer or one it never reached`,
      cure: 'free the alias, or have the target join the synchronizer under another one before the migration: it hosts none of the parties yet',
    }),
    ...when(!canRemove, {
      type: 'RemovalNotSigned',
      what: `neither ${to.name} can sign for ${counted(forced.length, 'party', 'parties')}, nor ${from.name} for itself: nobody could remove the source as host of ${listed(forced)}`,
      cure: `${plan.request.options?.delegation === 'none' ? 'set options.delegation to create, ' : ''}leave out the parties that ${to.name} does not sign for, or import the root key into the source until the migration is over`,
    }),
    ...proposalKeyObstacles(plan),
    ...(await signedAlready(plan, source)),
  ];
}

/** What would make the target a host as soon as somebody else signs, while it is connected. */
async function signedAlready(plan: WithParties, reader: ParticipantReads): Promise<Finding[]> {
  const { source, target, parties } = plan;
  const uids = { sourceUid: source.uid, targetUid: target.uid };
  const wanted = parties
    .filter(({ treatment }) => treatment === 'move')
    .map((its) => onboardingHosting(its, uids));
  const { logicalId: synchronizerId } = source.synchronizer;
  const found = await findSignedByTarget(reader, { target, synchronizerId }, wanted);
  return when(found.length > 0, {
    type: 'ProposalSignedByTarget',
    what: describeSignedByTarget(target.name, found),
    cure: 'have whoever signs for each named party change its hosting and back again: that ends every proposal of the earlier serials; then plan again',
  });
}

/** Whether the alias of the target is what a join of this synchronizer left that was refused. Source: networks E. */
async function isRefusedJoin(
  { source, target }: { source: ParticipantReads; target: ParticipantReads },
  alias: string,
): Promise<boolean> {
  const found = (await target.synchronizers.listRegistered()).find((its) => its.alias === alias);
  if (found?.logicalId !== '') return false;
  const configs = [source, target].map(({ synchronizers }) => synchronizers.readConfig(alias));
  const [wanted, own] = await Promise.all(configs);
  return haveSameSequencers(wanted!, own!);
}

/** Root keys of which no offline signature is understood, unless the delegation needs one, too. */
function proposalKeyObstacles({ namespaces, parties }: WithParties): Finding[] {
  const proposing = new Set(parties.flatMap(({ signers }) => signers?.namespaces ?? []));
  return namespaces
    .filter(({ delegation, namespace }) => proposing.has(namespace) && delegation?.signer !== 'offline')
    .flatMap(({ rootKey }) => unsupported(rootKey));
}

function isServing({ source }: WithParties): boolean {
  return source.connections.some(
    ({ alias, isConnected }) => alias === source.synchronizer.alias && isConnected,
  );
}
