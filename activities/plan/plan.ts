import { createHash } from 'node:crypto';

import { refused } from '../../model/failure.js';
import {
  canonicalJson,
  commonNamespace,
  movedParties,
  namespaceOf,
  type ApprovalPolicy,
  type HashedPlan,
  type MigrationPlan,
  type PlannedMigration,
  type PlannedNode,
  type PlannedParty,
} from '../../model/plan.js';
import type { AllowedKeys, NodeRef } from '../../model/participant.js';
import type { MigrationRequest } from '../../model/request.js';
import { freezeSeconds } from '../../model/transfer-cost.js';
import { isMigrationRequest, requestProblems } from '../../model/validation.js';
import type { Participants } from '../nodes/participants.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { changeObstacles, countChanges, hostedBefore } from './changes.js';
import { countContracts } from './contracts.js';
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
import { planLive } from './live.js';
import { plannedSignatures, planNamespaces } from './namespaces.js';
import { readPackages } from './packages.js';
import { classifyParties } from './parties.js';
import { chooseRoute, readerOf } from './route.js';
import { findWarnings } from './warnings.js';
import { countUsed, usedObstacles } from '../contracts/used-contracts.js';
import { progress } from '../attempt/progress.js';

export function planActivities(
  participants: Participants,
  spoolFolder: string,
  approval: ApprovalPolicy,
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
      const hash = createHash('sha256').update(canonicalJson(plan)).digest('hex');
      return { plan, hash, plannedOffset };
    },
  };
}

/** Both nodes as they were read, the way between them, and who is asked about the target synchronizer. */
interface Situation {
  request: MigrationRequest;
  readings: { source: NodeReading; target: NodeReading };
  participants: PlanningParticipants;
  nodes: { source: PlannedNode; target: PlannedNode };
  route: MigrationPlan['route'];
  joins: boolean;
  reader: ParticipantReads;
  allowed: AllowedKeys | { unanswered: string[] };
}

/** Asks which nodes have the names of the request; whatever else is read is read from these. */
async function survey(request: MigrationRequest, known: Participants): Promise<Situation> {
  // Both are found before either is asked.
  const named = [known.named(request.source), known.named(request.target)] as const;
  const [source, target] = await Promise.all([readNode(named[0]), readNode(named[1])]);
  assertTwo(source, target);
  const participants: PlanningParticipants = {
    source: known.read(refOf(source)),
    target: known.read(refOf(target)),
    holder: known.read(await holderOf(request, known, refOf(source))),
    signer: known.proving(refOf(target)),
  };
  const synchronizers = resolveSynchronizers(request, source, target);
  const route = chooseRoute(request, synchronizers);
  const { reader, alias } = readerOf(route, synchronizers, participants);
  return {
    request,
    readings: { source, target },
    participants,
    nodes: {
      source: plannedNode(source, synchronizers.source),
      target: plannedNode(target, synchronizers.target),
    },
    route,
    joins: synchronizers.joins,
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

async function assemble(situation: Situation, approval: ApprovalPolicy): Promise<MigrationPlan> {
  const { request, readings, participants, nodes, route, allowed } = situation;
  const { parties, namespaces, obstacles } = await readParties(situation);
  const contracts = await readContracts(situation, parties);
  const { counted, changed, used } = contracts;
  const packages = await readPackages(situation);
  const ends = await readEnds(situation, parties);
  const local = await readLocalState(situation, parties);
  const plan = await onRoute(situation, contracts, {
    request,
    ...ends,
    direction: directionOf(nodes.source, nodes.target),
    namespaces,
    signatures: [],
    approval,
    parties: parties.map((its) => ({ ...its, contractCount: counted.perParty.get(its.party) ?? 0 })),
    ...packages,
    contracts: plannedContracts(contracts),
    localState: local.localState,
    freezeSeconds:
      route.name === 'live' ? { cold: 0, warm: 0 } : freezeSeconds({ request, contracts: counted }),
    obstacles: [],
    warnings: [],
  });
  plan.signatures = plannedSignatures(plan);
  const hosts = await planHosts(plan, participants.holder);
  if (hosts.replaces) plan.replaces = hosts.replaces;
  const found = { plan, counted, ...readings, allowed };
  plan.obstacles = [
    ...obstacles,
    ...(changed ? changeObstacles(plan, changed) : []),
    ...usedObstacles(plan, used),
    ...hosts.obstacles,
    ...local.obstacles,
    ...(await findObstacles(found, participants, movedParties(plan))),
  ];
  plan.warnings = await findWarnings(found, participants);
  return plan;
}

/** The plan with what only its route has. */
async function onRoute(
  { readings, participants, route, joins }: Situation,
  { counted, changed }: PlanContracts,
  planned: PlannedMigration,
): Promise<MigrationPlan> {
  if (route.name !== 'live') return { ...planned, route, ...(changed && { changes: changed.changes }) };
  const live = await planLive(planned, { ...readings, counted, joins }, participants);
  return { ...planned, route, live };
}

/** Both nodes, with what only one of them is read for. */
async function readEnds(
  { readings, participants: { source, target }, nodes, reader }: Situation,
  parties: PlannedParty[],
): Promise<Pick<PlannedMigration, 'source' | 'target'>> {
  const { logicalId } = nodes.target.synchronizer;
  const moved = movedParties({ parties });
  const hosted = await countHosted(readings.target, logicalId, moved, { reader, target });
  const resourceLimits = await source.health.readResourceLimits();
  return {
    source: { ...nodes.source, resourceLimits },
    target: { ...nodes.target, namespaceKey: nodes.target.namespace, hosted },
  };
}

async function readLocalState(
  { request, participants: { source, target }, nodes }: Situation,
  parties: PlannedParty[],
) {
  const leaveBehind = request.options?.leaveBehind ?? [];
  const namespace = commonNamespace(parties, nodes.source);
  return planLocalState({ leaveBehind, source, target, namespace, parties });
}

async function readParties({ request, participants, nodes, reader, route }: Situation) {
  const { source, holder } = participants;
  const isLiveRoute = route.name === 'live';
  const holderUid = request.rootKeyHolder === undefined ? [] : [await holder.health.readUid()];
  const { parties, obstacles } = await classifyParties({
    request,
    source,
    reader,
    nodes,
    isLive: isLiveRoute,
    // There the root key signs the proposals itself where the source cannot.
    signedElsewhere: isLiveRoute ? [nodes.target.uid, ...holderUid].map(namespaceOf) : [],
  });
  const delegates = request.options?.delegation !== 'none';
  const planned = await planNamespaces(parties, nodes, { ...participants, delegates });
  return {
    parties,
    namespaces: planned.namespaces,
    obstacles: [...obstacles, ...planned.obstacles],
  };
}

async function readContracts(
  { request, participants, nodes, route }: Situation,
  parties: PlannedParty[],
) {
  progress({ reading: 'active contracts' });
  const moved = movedParties({ parties });
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
  const counted = await countContracts(
    participants.source,
    moved,
    nodes.source.synchronizer.logicalId,
    changing?.visit ?? using?.visit,
  );
  return { counted, changed: changing?.result(), used: using?.used, treatment } as const;
}

type PlanContracts = Awaited<ReturnType<typeof readContracts>>;

function plannedContracts({ counted, treatment }: PlanContracts): PlannedMigration['contracts'] {
  const { total, shared, sharedWith } = counted;
  return { total, shared, sharedWith: [...sharedWith].sort(), treatment };
}

function plannedNode(reading: NodeReading, synchronizer: PlannedNode['synchronizer']): PlannedNode {
  const signing = reading.keys;
  return {
    name: reading.name,
    uid: reading.status.uid,
    namespace: namespaceOf(reading.status.uid),
    version: reading.status.version,
    isKmsBacked: signing.length > 0 && signing.every(({ kmsKeyId }) => kmsKeyId !== undefined),
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
