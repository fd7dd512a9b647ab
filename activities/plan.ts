import { createHash } from 'node:crypto';

import { refused } from '../model/failure.js';
import {
  canonicalJson,
  commonNamespace,
  movedParties,
  namespaceOf,
  type ApprovalPolicy,
  type HashedPlan,
  type MigrationPlan,
  type PlannedDar,
  type PlannedNode,
} from '../model/plan.js';
import type { VettedPackage } from '../model/participant.js';
import type { MigrationRequest } from '../model/request.js';
import { freezeSeconds } from '../model/transfer-cost.js';
import { isMigrationRequest, requestProblems } from '../model/validation.js';
import type { Participants } from './index.js';
import type { Participant } from './participant.js';
import { changeObstacles, countChanges } from './plan-changes.js';
import { countContracts } from './plan-contracts.js';
import { planLocalState } from './plan-local-state.js';
import { readNode, resolveSynchronizers, type NodeReading } from './plan-nodes.js';
import { findObstacles, findWarnings, roomObstacles } from './plan-obstacles.js';
import { planHosts } from './plan-hosts.js';
import { plannedSignatures, planNamespaces } from './plan-namespaces.js';
import { classifyParties } from './plan-parties.js';
import { progress } from './progress.js';

/** Built-in DARs come with the node and are never copied. Source: Canton facts 1.12. */
const BUILT_IN = 'canton-builtin-';

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
     * not one, `UnknownParticipant` or `UnknownSynchronizer` if it names what the worker or a node does not know.
     */
    async readPlan(input: unknown): Promise<HashedPlan> {
      if (!isMigrationRequest(input)) throw refused('RequestInvalid', requestProblems(input).join('; '));
      const source = participants(input.source);
      const target = participants(input.target);
      progress({ reading: 'both participants' });
      const holder = input.rootKeyHolder === undefined ? source : participants(input.rootKeyHolder);
      const [sourceReading, targetReading] = await Promise.all([readNode(source), readNode(target)]);
      const plan = await assemble(
        input,
        { source: sourceReading, target: targetReading },
        { source, target, holder },
      );
      plan.approval = approval;
      plan.obstacles.push(...(await roomObstacles(spoolFolder, plan)));
      return { plan, hash: createHash('sha256').update(canonicalJson(plan)).digest('hex') };
    },
  };
}

async function assemble(
  request: MigrationRequest,
  { source: sourceReading, target: targetReading }: { source: NodeReading; target: NodeReading },
  participants: { source: Participant; target: Participant; holder: Participant },
): Promise<MigrationPlan> {
  const { source, target } = participants;
  const synchronizers = resolveSynchronizers(request, sourceReading, targetReading);
  const sourceNode = plannedNode(sourceReading, synchronizers.source);
  const targetNode = plannedNode(targetReading, synchronizers.target);
  const { parties, obstacles: partyObstacles } = await classifyParties(
    request,
    source,
    target,
    sourceNode,
    targetNode,
  );
  const nodes = { source: sourceNode, target: targetNode };
  const { namespaces, obstacles: namespaceObstacles } = await planNamespaces(
    parties,
    nodes,
    participants,
  );
  progress({ reading: 'active contracts' });
  const moved = parties.filter(({ treatment }) => treatment === 'move').map(({ party }) => party);
  const treatment = request.options?.sharedContracts ?? 'undecided';
  const changing =
    request.options?.copy === 'changes'
      ? await countChanges(target, {
          moved,
          synchronizerId: targetNode.synchronizer.logicalId,
          includesShared: treatment === 'include',
        })
      : undefined;
  const counted = await countContracts(
    source,
    moved,
    sourceNode.synchronizer.logicalId,
    changing?.visit,
  );
  const changed = changing?.result();
  const { dars, vetting } = await readPackages(source, target, sourceNode, targetNode);

  const local = await planLocalState({
    leaveBehind: request.options?.leaveBehind ?? [],
    source,
    target,
    namespace: commonNamespace(parties, sourceNode),
    parties,
  });

  const plan: MigrationPlan = {
    request,
    source: { ...sourceNode, resourceLimits: await source.health.readResourceLimits() },
    target: { ...targetNode, namespaceKey: targetNode.namespace },
    direction: directionOf(sourceNode, targetNode),
    namespaces,
    parties: parties.map((party) => ({
      ...party,
      contractCount: counted.perParty.get(party.party) ?? 0,
    })),
    dars,
    vetting,
    contracts: {
      total: counted.total,
      shared: counted.shared,
      sharedWith: [...counted.sharedWith].sort(),
      treatment,
    },
    ...(changed && { changes: changed.changes }),
    localState: local.localState,
    freezeSeconds: freezeSeconds({ request, contracts: counted }),
    obstacles: [],
    warnings: [],
  };
  plan.signatures = plannedSignatures(plan);
  const hosts = await planHosts(plan, participants.holder);
  if (hosts.replaces) plan.replaces = hosts.replaces;
  const allowed = await target.synchronizers.findAllowedKeys(synchronizers.target.alias);
  const readings = { plan, counted, source: sourceReading, target: targetReading, allowed };
  plan.obstacles = [
    ...partyObstacles,
    ...namespaceObstacles,
    ...(changed ? changeObstacles(plan, changed) : []),
    ...hosts.obstacles,
    ...local.obstacles,
    ...(await findObstacles(readings, source, target, movedParties(plan))),
  ];
  plan.warnings = await findWarnings(readings, source);
  return plan;
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
  if (source.isKmsBacked === target.isKmsBacked) return 'same-custody';
  return target.isKmsBacked ? 'to-kms' : 'from-kms';
}

/** What the target lacks of DARs, and of the *vetting state*: no package is vetted that the source has not vetted. */
async function readPackages(
  source: Participant,
  target: Participant,
  sourceNode: PlannedNode,
  targetNode: PlannedNode,
) {
  progress({ reading: 'DARs and vetted packages' });
  const vettedOn = async (
    node: Participant,
    { uid, synchronizer }: PlannedNode,
  ): Promise<VettedPackage[]> => {
    const found = await node.topology.findVettedPackages(
      { synchronizerId: synchronizer.logicalId },
      uid,
    );
    return [...(found?.packages ?? [])].sort((a, b) => (a.packageId < b.packageId ? -1 : 1));
  };
  const [sourceDars, targetDars, sourcePackages, vetted, former] = await Promise.all([
    source.packages.listDars(),
    target.packages.listDars(),
    source.packages.listPackageIds(),
    vettedOn(source, sourceNode),
    vettedOn(target, targetNode),
  ]);
  const onTarget = new Set(targetDars.map(({ mainPackageId }) => mainPackageId));
  const dars = sourceDars
    .map((dar): PlannedDar => {
      if (dar.name.startsWith(BUILT_IN)) return { ...dar, action: 'built-in' };
      return { ...dar, action: onTarget.has(dar.mainPackageId) ? 'present' : 'upload' };
    })
    .sort((a, b) => (a.mainPackageId < b.mainPackageId ? -1 : 1));
  const vettedIds = new Set(vetted.map(({ packageId }) => packageId));
  const formerIds = new Set(former.map(({ packageId }) => packageId));
  return {
    dars,
    vetting: {
      add: vetted.filter(({ packageId }) => !formerIds.has(packageId)),
      leave: sourcePackages.filter((id) => !vettedIds.has(id)).sort(),
      former,
    },
  };
}
