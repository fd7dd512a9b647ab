import { abilityObstacles } from './abilities.js';
import type { AllowedKeys } from '../../model/participant.js';
import { isLive, isReverse, type Finding, type WithParties } from '../../model/plan.js';
import { namedParties } from '../../model/plan-parties.js';
import type { ContractCount } from './contracts.js';
import { countContracts } from './contracts.js';
import { TOLD, when, whenFound } from './finding.js';
import { keyObstacles } from './keys.js';
import type { NodeReading, PlanningParticipants } from './nodes.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { liveObstacles } from './live.js';
import { versionObstacles } from './versions.js';
import { isConnected } from './warnings.js';
import { findShortage } from '../contracts/spool-room.js';

export interface Readings {
  plan: WithParties;
  counted: ContractCount;
  source: NodeReading;
  target: NodeReading;
  /** Of the target synchronizer. */
  allowed: AllowedKeys | { unanswered: string[] };
}

/** Everything that stands in the way of the first change, each with its cure. */
export async function findObstacles(
  readings: Readings,
  { source, target, signer }: PlanningParticipants,
  moved: string[],
): Promise<Finding[]> {
  const fromReads = await Promise.all([
    keyObstacles(readings, signer),
    targetContractObstacles(readings, target, moved),
    liveObstacles(readings.plan, { source, target }, readings.source.keys),
    abilityObstacles(readings.plan, readings, target),
  ]);
  return [...nodeObstacles(readings), ...contractObstacles(readings), ...fromReads.flat()];
}

/** On the disk of the worker that plans; another one is checked when it exports. */
export async function roomObstacles(
  spoolFolder: string,
  { contracts }: WithParties,
): Promise<Finding[]> {
  return whenFound(await findShortage(spoolFolder, contracts.total), (shortage) => ({
    type: 'SpoolTooSmall',
    what: shortage,
    cure: 'make room on the disk of the spool, or give the worker another spool folder',
  }));
}

function nodeObstacles({ plan, source, target }: Readings): Finding[] {
  const { source: from, target: to } = plan;
  return [
    ...versionObstacles([plan.source, plan.target]),
    ...[source, target].flatMap((node) =>
      when(!node.status.isActive, {
        type: 'PassiveReplica',
        what: `${node.name} is a passive replica`,
        cure: "point the worker's configuration at the active replica",
      }),
    ),
    ...when(from.namespace === to.namespace, {
      type: 'SameNamespace',
      what: `${from.name} and ${to.name} have the same namespace ${from.namespace}`,
      cure: 'give the target a namespace of its own; with the same one nothing needs to be delegated',
    }),
    ...connectionObstacles(plan),
  ];
}

/** Whether the target is a host of any party of the source, with whatever flags. */
function isHost({ parties, target }: WithParties): boolean {
  return parties.some(({ hosting, formerMapping }) =>
    [hosting, formerMapping].some((its) =>
      its?.hosts.some(({ participantUid }) => participantUid === target.uid),
    ),
  );
}

/** What a route needs of the connections of both nodes. */
function connectionObstacles(plan: WithParties): Finding[] {
  const { source, target } = plan;
  const onTarget = target.connections.find(({ alias }) => alias === target.synchronizer.alias);
  const targetNotConnected = when(!onTarget?.isConnected, {
    type: 'TargetNotConnected',
    what: `${target.name} is not connected to ${target.synchronizer.alias}`,
    cure: isHost(plan)
      ? `do not connect it: it is a host of the parties, and nothing proves that it has their contracts; ${TOLD}${source.uid}`
      : `find out who disconnected it: parties are proposed over that connection; ${TOLD}${source.uid}`,
  });
  if (isLive(plan)) return plan.live.joins ? [] : targetNotConnected;
  const sourceNotServing = when(!isConnected(plan), {
    type: 'SourceNotServing',
    what: `${source.name} is connected to no synchronizer: only the node that serves the parties knows what changed`,
    cure: `check that the source is the node that serves these parties now, and find out who disconnected it; ${TOLD}${source.uid}`,
  });
  return [
    ...when(source.synchronizer.logicalId === target.synchronizer.logicalId, {
      type: 'SameSynchronizer',
      what: `source and target synchronizer are both ${source.synchronizer.logicalId}: the target would process transactions before it has the contracts and be destroyed`,
      cure: 'set route to live, which is made for one synchronizer, or use a target that is connected to another one',
    }),
    ...(isReverse(plan) ? sourceNotServing : targetNotConnected),
  ];
}

function contractObstacles({ plan, counted }: Readings): Finding[] {
  const { contracts } = plan;
  return [
    ...when(contracts.shared > 0 && contracts.treatment === 'undecided', {
      type: 'SharedContracts',
      what: `${contracts.shared} of ${contracts.total} contracts have stakeholders that do not move: ${namedParties(contracts.sharedWith)}`,
      cure: 'set options.sharedContracts to include (they stay on the source synchronizer for the others) or exclude (they stay behind)',
    }),
    ...when(counted.reassigned.count > 0, {
      type: 'ReassignedContracts',
      what: `${counted.reassigned.count} contracts were reassigned before and cannot be imported: ${counted.reassigned.named}`,
      cure: 'archive and re-create them, or leave their parties out',
    }),
    ...when(counted.incomplete.count > 0, {
      type: 'IncompleteReassignments',
      what: `${counted.incomplete.count} contracts are unassigned but not assigned: ${counted.incomplete.named}`,
      cure: 'complete or roll back these reassignments',
    }),
  ];
}

async function targetContractObstacles(
  { plan }: Readings,
  target: ParticipantReads,
  moved: string[],
): Promise<Finding[]> {
  // On one synchronizer they are of an earlier attempt, which the plan counts and the transfer compares.
  if (isReverse(plan) || isLive(plan)) return [];
  const { total } = await countContracts(target, moved, plan.target.synchronizer.logicalId);
  const isParked = plan.source.connections.every(
    ({ isConnected, isManualConnect }) => !isConnected && isManualConnect,
  );
  return [
    ...when(total > 0 && isParked, {
      type: 'AlreadyMigrated',
      what: `${plan.source.name} is parked and ${plan.target.name} has ${total} active contracts of its parties`,
      cure: 'nothing, if the target serves: never purge its contracts',
    }),
    ...when(total > 0 && !isParked, {
      type: 'TargetHasContracts',
      what: `${plan.target.name} already has ${total} active contracts of parties that move`,
      cure: 'abort the migration that imported them before a new one starts; if the parties were moved away from this node, set options.copy to changes',
    }),
  ];
}
