import { createHash } from 'node:crypto';

import { refused } from '../../model/failure.js';
import { neededFor } from '../../model/hosting.js';
import {
  canonicalJson,
  commonNamespace,
  isLive,
  isReverse,
  namespaceOf,
  type ApprovalPolicy,
  type Finding,
  type HashedPlan,
  type MigrationPlan,
  type PlannedMigration,
  type PlannedNode,
  type PlannedParty,
  type WithParties,
} from '../../model/plan.js';
import { isStored, type Listed } from '../../model/listed.js';
import { exceptionsAmong } from '../../model/party-exceptions.js';
import { countParties, PARTY_VIEWS } from '../../model/plan-parties.js';
import type { ActiveContractSummary, AllowedKeys, NodeRef } from '../../model/participant.js';
import type { MigrationRequest } from '../../model/request.js';
import { freezeSeconds } from '../../model/transfer-cost.js';
import { isMigrationRequest, requestProblems } from '../../model/validation.js';
import type { Participants } from '../nodes/participants.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { CANTON_3, type Abilities } from '../../model/abilities.js';
import { assertPossible, readAbilities } from './abilities.js';
import { changeObstacles, countChanges, hostedBefore } from './changes.js';
import { ContractsByClass, countContracts, type ContractCount } from './contracts.js';
import { findStaleWarnings, TargetElsewhere } from './elsewhere.js';
import { planLocalState } from './local-state.js';
import {
  assertTwo,
  readNode,
  refOf,
  resolveSynchronizers,
  type NodeReading,
  type PlanningParticipants,
} from './nodes.js';
import { findObstacles, roomObstacles } from './obstacles.js';
import { countHosted, planHosts } from './hosts.js';
import { planGrants } from './grants.js';
import { keysInUse } from './key-use.js';
import { planImports, UsedPackages } from './import-mode.js';
import { NeededPackages } from './left-packages.js';
import { planLive } from './live.js';
import { differingNamespaces, plannedSignatures, planNamespaces } from './namespaces.js';
import { readPackages } from './packages.js';
import { classifyParties } from './parties.js';
import { chooseRoute, readerOf } from './route.js';
import { findUnmatchedWarnings } from './selection.js';
import type { NamespaceSigners } from './signers.js';
import { planTraffic, trafficFindings } from './traffic.js';
import { findUpgrades } from './upgrades.js';
import { tryVetting } from './vetting.js';
import { findWarnings } from './warnings.js';
import { scanContracts } from '../contracts/active-contracts.js';
import { IdHashes } from '../contracts/id-hashes.js';
import type { ListStore } from '../../storage/list-store.js';
import { countUsed, usedObstacles } from '../contracts/used-contracts.js';
import { progress } from '../attempt/progress.js';

/** What a plan depends on beside the participants. */
interface PlanSurroundings {
  spoolFolder: string;
  approval: ApprovalPolicy;
  lists: ListStore;
}

export function planActivities(
  participants: Participants,
  { spoolFolder, approval, lists }: PlanSurroundings,
) {
  return {
    /**
     * Returns what the migration will do, from reads of both nodes; nothing is changed. A target with a KMS also signs
     * a list of its keys, in a temporary topology store that is dropped at once.
     *
     * Whatever stands in the way is in `obstacles`, all at once. Fails with `RequestInvalid` if the request is
     * not one, `UnknownParticipant` or `UnknownSynchronizer` if it names what the worker or a node does not know,
     * `SameParticipant` if both names lead to one node.
     */
    async readPlan(input: unknown): Promise<HashedPlan> {
      if (!isMigrationRequest(input)) throw refused('RequestInvalid', requestProblems(input).join('; '));
      participants.assertAllowed(input);
      progress({ reading: 'both participants' });
      const plannedOffset = await participants.named(input.source).ledger.readLedgerEnd();
      const plan = await assemble(await survey(input, participants), approval);
      plan.obstacles.push(...(await roomObstacles(spoolFolder, plan)));
      const stored = await keepLists(plan, lists);
      const hash = createHash('sha256').update(canonicalJson(stored)).digest('hex');
      return { plan: stored, hash, plannedOffset };
    },
  };
}

/** The plan as it travels: the request had its parties read for this activity. */
async function keepLists(plan: WithParties, lists: ListStore): Promise<MigrationPlan> {
  const { parties: asked, ...request } = plan.request;
  const keep = <T>(list: Listed<T>): Promise<Listed<T>> => {
    if (!isStored(list)) return lists.keep(list);
    throw new Error('expected a list that was read, found where it is kept');
  };
  const { contracts } = plan;
  const kept = {
    request: { ...request, ...(asked && { parties: await keep(asked) }) },
    parties: await keep(plan.parties),
    contracts: { ...contracts, sharedWith: await keep(contracts.sharedWith) },
  };
  if (isLive(plan)) {
    const { live } = plan;
    return { ...plan, ...kept, live: { ...live, alreadyHosted: await keep(live.alreadyHosted) } };
  }
  if (!isReverse(plan)) return { ...plan, ...kept };
  const { changes } = plan;
  return { ...plan, ...kept, changes: { ...changes, keptWith: await keep(changes.keptWith) } };
}

/** Both nodes as they were read, the way between them, and who is asked about the target synchronizer. */
interface Situation {
  request: MigrationRequest;
  readings: { source: NodeReading; target: NodeReading };
  participants: PlanningParticipants;
  /** Every participant of the worker's configuration. */
  everyone: ParticipantReads[];
  nodes: { source: PlannedNode; target: PlannedNode };
  route: MigrationPlan['route'];
  joins: boolean;
  abilities: Abilities;
  reader: ParticipantReads;
  allowed: AllowedKeys | { unanswered: string[] };
}

/** Asks which nodes have the names of the request; whatever else is read is read from these. */
async function survey(request: MigrationRequest, known: Participants): Promise<Situation> {
  // Both are found before either is asked.
  const named = [known.named(request.source), known.named(request.target)] as const;
  const abilities = await readAbilities(...named);
  const [source, target] = await Promise.all([readNode(named[0]), readNode(named[1])]);
  assertTwo(source, target);
  const participants: PlanningParticipants = {
    source: known.read(refOf(source)),
    target: known.read(refOf(target)),
    holder: known.read(await holderOf(request, known, refOf(source))),
    signer: known.proving(refOf(target)),
  };
  const synchronizers = resolveSynchronizers(request, source, target);
  assertPossible(request, synchronizers, abilities);
  const route = chooseRoute(request, synchronizers);
  const { reader, alias } = readerOf(route, synchronizers, participants);
  return {
    request,
    readings: { source, target },
    participants,
    everyone: known.everyone(),
    nodes: {
      source: plannedNode(source, synchronizers.source),
      target: plannedNode(target, synchronizers.target),
    },
    route,
    joins: synchronizers.joins,
    abilities,
    reader,
    allowed: await reader.synchronizers.findAllowedKeys(alias),
  };
}

async function holderOf(
  { rootKeyHolder: name }: MigrationRequest,
  known: Participants,
  source: NodeRef,
): Promise<NodeRef> {
  if (name === undefined) return source;
  return { name, uid: await known.named(name).health.readUid() };
}

async function assemble(situation: Situation, approval: ApprovalPolicy): Promise<WithParties> {
  const { request, readings, participants, nodes, allowed } = situation;
  const { parties, namespaces, obstacles, warnings: ofParties, signers } = await readParties(situation);
  const contracts = await readContracts(situation, parties);
  const { counted, changed, used, needed } = contracts;
  const { excluded, ...packages } = await readPackages(situation);
  const ends = await readEnds(situation, parties);
  const local = await readLocalState(situation, parties);
  const read = { ...contracts, signers };
  const plan = await onRoute(situation, read, {
    request,
    ...notedAbilities(situation),
    ...ends,
    ...countedParties(parties, contracts, nodes.source.uid),
    direction: directionOf(nodes.source, nodes.target),
    namespaces,
    signatures: [],
    approval,
    commonNamespace: commonNamespace(parties, nodes.source),
    ...packages,
    ...plannedContracts(situation, contracts),
    localState: { ...local.localState, excluded: [...local.localState.excluded, ...excluded] },
    obstacles: [],
    warnings: [],
  });
  plan.signatures = plannedSignatures(plan);
  const hosts = await planHosts(plan, participants.holder);
  if (hosts.replaces) plan.replaces = hosts.replaces;
  const traffic = await planTraffic(plan, participants);
  if (traffic) plan.traffic = traffic;
  const short = trafficFindings(plan);
  const upgrades = await findUpgrades(plan, participants, situation.everyone);
  const vetting = await tryPackages(situation, plan, contracts.packages);
  const found = { plan, counted, ...readings, allowed };
  const grants = await planGrants(plan, participants);
  plan.obstacles = [
    ...obstacles,
    ...(changed ? changeObstacles(plan, changed) : []),
    ...usedObstacles(plan, used),
    ...needed.obstacles(plan),
    ...vetting.obstacles,
    ...hosts.obstacles,
    ...local.obstacles,
    ...grants.obstacles,
    ...short.obstacles,
    ...upgrades.obstacles,
    ...(await findObstacles(found, participants, PARTY_VIEWS.moved(plan.parties))),
  ];
  plan.warnings = [
    ...findUnmatchedWarnings(request, parties),
    ...upgrades.warnings,
    ...ofParties,
    ...(await findWarnings(found, participants)),
    ...grants.warnings,
    ...short.warnings,
    ...findStaleWarnings(plan, readings.target, contracts.stale),
    ...vetting.warnings,
  ];
  return plan;
}

/** Only where they are not those that every plan went by before. */
function notedAbilities({ abilities }: Situation): { abilities?: Abilities } {
  return abilities.generation === CANTON_3.generation ? {} : { abilities };
}

/** Has the target try what it is to vet, and decides with that how it imports the contracts, which goes into the plan. */
async function tryPackages(
  { participants }: Situation,
  plan: WithParties,
  used: UsedPackages,
): Promise<{ obstacles: Finding[]; warnings: Finding[] }> {
  const { obstacles, warnings } = await tryVetting(participants, plan);
  const isVettingTried = warnings.length === 0;
  const imports = await planImports(plan, { ...participants, used, isVettingTried });
  plan.imports = imports.planned;
  return { obstacles: [...obstacles, ...imports.obstacles], warnings };
}

/** The parties with their contracts, and what is said of all of them together. */
function countedParties(
  parties: PlannedParty[],
  { counted, byClass }: PlanContracts,
  sourceUid: string,
) {
  // Of very many parties no second list is made.
  for (const its of parties) {
    const contractCount = counted.perParty.get(its.party);
    if (contractCount !== undefined) its.contractCount = contractCount;
  }
  counted.perParty.clear();
  return {
    parties,
    partyCounts: countParties(parties, byClass),
    partyExceptions: exceptionsAmong(parties, sourceUid),
    needs: neededFor(PARTY_VIEWS.wanted(parties)),
  };
}

/** The plan with what only its route has. */
async function onRoute(
  { readings, participants, route, joins }: Situation,
  { counted, changed, signers }: PlanContracts & { signers: NamespaceSigners },
  planned: WithParties<PlannedMigration>,
): Promise<WithParties> {
  if (route.name !== 'live') return { ...planned, route, ...(changed && { changes: changed.changes }) };
  const live = await planLive(planned, { ...readings, counted, joins, signers }, participants);
  return { ...planned, route, live };
}

/** Both nodes, with what only one of them is read for. */
async function readEnds(
  { readings, participants: { source, target }, nodes, reader }: Situation,
  parties: PlannedParty[],
): Promise<Pick<PlannedMigration, 'source' | 'target'>> {
  const { logicalId } = nodes.target.synchronizer;
  const moved = PARTY_VIEWS.moved(parties);
  const hosted = await countHosted(readings.target, logicalId, moved, { reader, target });
  const resourceLimits = await source.health.readResourceLimits();
  const [namespaceKey = nodes.target.namespace] = readings.target.namespaceKeys;
  return {
    source: { ...nodes.source, resourceLimits },
    target: { ...nodes.target, namespaceKey, hosted },
  };
}

async function readLocalState(
  { request, participants: { source, target }, nodes }: Situation,
  parties: PlannedParty[],
) {
  const leaveBehind = request.options?.leaveBehind ?? [];
  const namespace = commonNamespace(parties, nodes.source);
  const targetVersion = nodes.target.version;
  return planLocalState({ leaveBehind, source, target, namespace, parties, targetVersion });
}

async function readParties(situation: Situation) {
  const { request, readings, participants, nodes, reader, route } = situation;
  const { source, holder } = participants;
  const isLiveRoute = route.name === 'live';
  const holderUid = request.rootKeyHolder === undefined ? [] : [await holder.health.readUid()];
  const { parties, obstacles, ...found } = await classifyParties({
    request,
    source,
    reader,
    nodes,
    isLive: isLiveRoute,
    keys: { source: readings.source.keys, target: readings.target.keys },
    // There the root key signs the proposals itself where the source cannot.
    signedElsewhere: isLiveRoute ? [nodes.target.uid, ...holderUid].map(namespaceOf) : [],
  });
  const delegates = request.options?.delegation !== 'none';
  const planned = await planNamespaces(parties, nodes, {
    ...participants,
    delegates,
    sourceKeys: readings.source.keys,
    namespaceKeys: readings.target.namespaceKeys,
  });
  const { namespaces } = planned;
  const differing = await differingNamespaces({ parties, namespaces }, nodes, { source, reader });
  return {
    ...found,
    parties,
    namespaces,
    obstacles: [...obstacles, ...planned.obstacles, ...differing],
  };
}

async function readContracts(
  { request, readings, participants, nodes, route }: Situation,
  parties: PlannedParty[],
) {
  progress({ reading: 'active contracts' });
  const moved = PARTY_VIEWS.moved(parties);
  const shared = request.options?.sharedContracts ?? 'undecided';
  // On one synchronizer a contract stays the same contract, whoever else has it.
  const treatment = route.name === 'live' ? 'include' : shared;
  const changing =
    request.options?.copy === 'changes'
      ? await countChanges(participants.target, {
          moved,
          hosted: hostedBefore(parties, nodes.target),
          synchronizerId: nodes.target.synchronizer.logicalId,
          includesShared: treatment === 'include',
        })
      : undefined;
  // On one synchronizer a contract that ended has ended for both; of a reverse migration, what is gone is found above.
  const using =
    route.name === 'live' || changing
      ? undefined
      : await countUsed(participants.target, {
          moved,
          synchronizerId: nodes.target.synchronizer.logicalId,
        });
  const isMoved = new Set(moved);
  const moves = ({ stakeholders }: ActiveContractSummary) =>
    treatment !== 'exclude' || stakeholders.every((party) => isMoved.has(party));
  const needed = new NeededPackages(request, moves);
  const packages = new UsedPackages(moves);
  const classes = new ContractsByClass(parties);
  const stale = new TargetElsewhere();
  const { logicalId } = nodes.target.synchronizer;
  await stale.read(participants.target, { parties: moved, synchronizerId: logicalId }, readings.target);
  const counted = await countSource(
    participants.source,
    { moved, synchronizerId: nodes.source.synchronizer.logicalId },
    [needed, packages, stale, classes, ...(changing ? [changing] : []), ...(using ? [using] : [])],
  );
  return {
    counted,
    byClass: classes.counts,
    changed: changing?.result(),
    used: using?.used,
    needed,
    packages,
    stale,
    treatment,
  } as const;
}

/** Whatever is to be shown each contract of the source. */
interface Visitor {
  visit(contract: ActiveContractSummary): void;
  visitElsewhere?(contract: ActiveContractSummary): void;
}

/** Reads the source once, and again where it has contracts elsewhere: they may be stale ones of those that move. */
async function countSource(
  source: ParticipantReads,
  { moved, synchronizerId }: { moved: string[]; synchronizerId: string },
  visitors: Visitor[],
): Promise<ContractCount> {
  const elsewhere = new IdHashes();
  const counted = await countContracts(
    source,
    moved,
    synchronizerId,
    (contract) => visitors.forEach((its) => its.visit(contract)),
    (contract) => {
      elsewhere.add(contract.contractId);
      for (const its of visitors) its.visitElsewhere?.(contract);
    },
  );
  if (elsewhere.size === 0) return counted;
  const waitingFor = 'contracts that the source has twice';
  for await (const its of scanContracts(source, { parties: moved, waitingFor }))
    if (its.synchronizerId === synchronizerId && elsewhere.has(its.contractId)) counted.twice += 1;
  return counted;
}

type PlanContracts = Awaited<ReturnType<typeof readContracts>>;

function plannedContracts(
  { request, route }: Situation,
  { counted, treatment }: PlanContracts,
): Pick<PlannedMigration, 'contracts' | 'freezeSeconds'> {
  const { total, shared, sharedWith } = counted;
  return {
    contracts: { total, shared, sharedWith: [...sharedWith].sort(), treatment },
    freezeSeconds:
      route.name === 'live' ? { cold: 0, warm: 0 } : freezeSeconds({ request, contracts: counted }),
  };
}

function plannedNode(reading: NodeReading, synchronizer: PlannedNode['synchronizer']): PlannedNode {
  const used = keysInUse(reading);
  return {
    name: reading.name,
    uid: reading.status.uid,
    namespace: namespaceOf(reading.status.uid),
    version: reading.status.version,
    isKmsBacked: used.length > 0 && used.every(({ kmsKeyId }) => kmsKeyId !== undefined),
    synchronizer,
    connections: reading.registered.map(({ alias, isConnected, isManualConnect }) => ({
      alias,
      isConnected,
      isManualConnect,
    })),
  };
}

function directionOf(source: PlannedNode, target: PlannedNode): MigrationPlan['direction'] {
  if (source.isKmsBacked === target.isKmsBacked) return 'same-key-storage';
  return target.isKmsBacked ? 'to-kms' : 'from-kms';
}
