import { listed } from '../model/failure.js';
import type { AllowedKeys } from '../model/participant.js';
import { isReturn, type Finding, type MigrationPlan } from '../model/plan.js';
import type { ContractCount } from './plan-contracts.js';
import { countContracts } from './plan-contracts.js';
import { keyObstacles, protocolVersionOf } from './plan-keys.js';
import type { NodeReading } from './plan-nodes.js';
import type { Participant } from './participant.js';
import { KEPT } from './plan-local-state.js';
import { findShortage } from './spool-room.js';

interface Readings {
  plan: MigrationPlan;
  counted: ContractCount;
  source: NodeReading;
  target: NodeReading;
  /** Of the target synchronizer. */
  allowed: AllowedKeys | { unanswered: string[] };
}

/** Everything that stands in the way of the first change, each with its cure. Reads only. */
export async function findObstacles(
  readings: Readings,
  source: Participant,
  target: Participant,
  moved: string[],
): Promise<Finding[]> {
  const fromReads = await Promise.all([
    upgradeObstacles(readings, source, target),
    keyObstacles(readings, target),
    targetContractObstacles(readings, target, moved),
  ]);
  return [...nodeObstacles(readings), ...contractObstacles(readings), ...fromReads.flat()];
}

/** On the disk of the worker that plans; another one is looked at when it exports. */
export async function roomObstacles(
  spoolFolder: string,
  { contracts }: MigrationPlan,
): Promise<Finding[]> {
  const shortage = await findShortage(spoolFolder, contracts.total);
  return when(shortage !== undefined, {
    type: 'SpoolTooSmall',
    what: shortage ?? '',
    cure: 'make room on the disk of the spool, or give the worker another spool folder',
  });
}

/** What does not stand in the way but is better known before. Reads only. */
export async function findWarnings(
  { plan, counted, allowed }: Readings,
  source: Participant,
): Promise<Finding[]> {
  const silent = 'unanswered' in allowed ? allowed.unanswered : undefined;
  const schedule = await source.health.findPruningSchedule();
  const kept = (plan.localState?.excluded ?? []).filter(({ why }) => why === KEPT);
  const { count, named } = plan.localState?.surplus ?? { count: 0, named: [] };
  const left = plan.parties.filter(
    ({ treatment, class: its }) => treatment === 'leave' && its !== 'admin',
  );
  const elsewhere = [...counted.elsewhere].map(([id, count]) => `${count} on ${id}`);
  return [
    ...when(schedule !== undefined, {
      type: 'PruningScheduled',
      what: `${plan.source.name} prunes by schedule (${schedule?.cron ?? ''}), which would make it impossible to repeat an export`,
      cure: 'nothing: migrate-local-state suspends the schedule, and an abort sets it again',
    }),
    ...when(kept.length > 0, {
      type: 'TargetKeepsSettings',
      what: `${plan.target.name} was given its own ${kept.map(({ what }) => what).join(' and ')}, which stay`,
      cure: 'set them on the target as you want them; clear a pruning schedule there until the migration has ended',
    }),
    ...when(count > 0, {
      type: 'UsersOfTarget',
      what: `${plan.target.name} has users or rights that ${plan.source.name} does not have, and keeps them: ${count} in all, ${named.join(', ')}`,
      cure: 'remove on the target what shall not be there; on a way back, also what was removed since on the source',
    }),
    ...when(!isReturn(plan) && !isConnected(plan), {
      type: 'SourceNotConnected',
      what: `${plan.source.name} is connected to no synchronizer: what was read of it may be out of date`,
      cure: 'connect the source and plan again, unless it is meant to be down',
    }),
    ...when(left.length > 0, {
      type: 'PartiesLeft',
      what: `${left.length} parties stay on ${plan.source.name}, which serves nobody after the cut-over: ${listed(left.map(({ party }) => party))}`,
      cure: 'move them by the means their class allows (docs/phases/recreate-parties.md) before the cut-over',
    }),
    ...when(left.length === plan.parties.length - 1, {
      type: 'NothingToMove',
      what: `${plan.source.name} hosts no party that can move on ${plan.source.synchronizer.alias}`,
      cure: 'check the source, its synchronizer and the parties of the request',
    }),
    ...when(elsewhere.length > 0, {
      type: 'ContractsElsewhere',
      what: `contracts of the parties on other synchronizers are not moved: ${elsewhere.join(', ')}`,
      cure: 'reassign them to the source synchronizer first if they shall move',
    }),
    ...when(plan.direction === 'same-custody', {
      type: 'SameCustody',
      what: `${plan.source.name} and ${plan.target.name} keep their keys in the same way (KMS-backed: ${plan.target.isKmsBacked})`,
      cure: 'check that these are the nodes you mean',
    }),
    ...when(silent !== undefined, {
      type: 'KeySchemesNotChecked',
      what: `no sequencer of ${plan.target.synchronizer.alias} told the worker which keys it allows: ${listed(silent ?? []) || 'none is configured'}`,
      cure: 'let the worker reach a sequencer of the target synchronizer, or compare its static parameters with the keys of the target by hand; the target itself did when it connected',
    }),
    ...when(plan.contracts.treatment === 'include' && plan.contracts.shared > 0, {
      type: 'ContractsOnTwoSynchronizers',
      what: `${plan.contracts.shared} contracts have stakeholders that do not move, who keep them on the source synchronizer`,
      cure: 'make sure that every stakeholder migrates the same contracts, or exclude them',
    }),
  ];
}

function isConnected({ source }: MigrationPlan): boolean {
  return source.connections.some((its) => its.isConnected);
}

function nodeObstacles({ plan, source, target }: Readings): Finding[] {
  const { source: from, target: to } = plan;
  const onTarget = to.connections.find(({ alias }) => alias === to.synchronizer.alias);
  return [
    ...[from, to].flatMap((node) =>
      when(!/^3\.5\.(?!0\b)/.test(node.version), {
        type: 'VersionUnsupported',
        what: `${node.name} runs Canton ${node.version}, expected 3.5.1 or a later 3.5`,
        cure: 'upgrade the participant first',
      }),
    ),
    ...[from, to].flatMap((node) =>
      when((plan.request.options?.copy ?? 'cold') !== 'cold' && !/^3\.5\./.test(node.version), {
        type: 'WarmCopyUnsupported',
        what: `${node.name} runs Canton ${node.version}, whose imports are not safe to repeat, as a warm copy needs them to be`,
        cure: 'leave options.copy out, or upgrade the participant first',
      }),
    ),
    ...[source, target].flatMap((node) =>
      when(!node.status.isActive, {
        type: 'PassiveReplica',
        what: `${node.name} is a passive replica`,
        cure: "point the worker's configuration at the active replica",
      }),
    ),
    ...when(isReturn(plan) && !isConnected(plan), {
      type: 'SourceNotServing',
      what: `${from.name} is connected to no synchronizer: only the node that serves the parties knows what changed`,
      cure: 'check that the source is the node that serves these parties now, and connect it',
    }),
    ...when(from.namespace === to.namespace, {
      type: 'SameNamespace',
      what: `${from.name} and ${to.name} have the same namespace ${from.namespace}`,
      cure: 'give the target a namespace of its own; nothing needs to be delegated otherwise',
    }),
    ...when(from.synchronizer.logicalId === to.synchronizer.logicalId, {
      type: 'SameSynchronizer',
      what: `source and target synchronizer are both ${from.synchronizer.logicalId}: the target would process transactions before it has the contracts and be destroyed`,
      cure: 'use a target that is connected to another synchronizer',
    }),
    ...when(!isReturn(plan) && !onTarget?.isConnected, {
      type: 'TargetNotConnected',
      what: `${to.name} is not connected to ${to.synchronizer.alias}`,
      cure: 'connect it: parties are proposed over that connection',
    }),
    ...when(protocolVersionOf(to.synchronizer) < protocolVersionOf(from.synchronizer), {
      type: 'ProtocolVersionTooLow',
      what: `${to.synchronizer.physicalId} has a lower protocol version than ${from.synchronizer.physicalId}`,
      cure: 'upgrade the target synchronizer: contract ids of newer versions are refused there',
    }),
  ];
}

function contractObstacles({ plan, counted }: Readings): Finding[] {
  const { contracts } = plan;
  return [
    ...when(contracts.shared > 0 && contracts.treatment === 'undecided', {
      type: 'SharedContracts',
      what: `${contracts.shared} of ${contracts.total} contracts have stakeholders that do not move: ${listed(contracts.sharedWith)}`,
      cure: 'set options.sharedContracts to include (they stay on the source synchronizer for the others) or exclude (they stay behind)',
    }),
    ...when(counted.reassigned.count > 0, {
      type: 'ReassignedContracts',
      what: `${counted.reassigned.count} contracts were reassigned before and cannot be imported: ${listed(counted.reassigned.contractIds)}`,
      cure: 'archive and create them anew, or leave their parties out',
    }),
    ...when(counted.incomplete.count > 0, {
      type: 'IncompleteReassignments',
      what: `${counted.incomplete.count} contracts are unassigned but not assigned: ${listed(counted.incomplete.contractIds)}`,
      cure: 'complete or roll back these reassignments',
    }),
  ];
}

async function upgradeObstacles(
  { plan }: Readings,
  source: Participant,
  target: Participant,
): Promise<Finding[]> {
  const check = async (
    participant: Participant,
    { logicalId, alias }: { logicalId: string; alias: string },
  ) =>
    when(await participant.topology.isUpgradeAnnounced({ synchronizerId: logicalId }), {
      type: 'UpgradeAnnounced',
      what: `an upgrade of ${alias} is announced: its topology is frozen`,
      cure: 'wait until the upgrade is done',
    });
  return (
    await Promise.all([check(source, plan.source.synchronizer), check(target, plan.target.synchronizer)])
  ).flat();
}

async function targetContractObstacles(
  { plan }: Readings,
  target: Participant,
  moved: string[],
): Promise<Finding[]> {
  if (isReturn(plan)) return [];
  const { total } = await countContracts(target, moved, plan.target.synchronizer.logicalId);
  const isParked = plan.source.connections.every(
    ({ isConnected, isManualConnect }) => !isConnected && isManualConnect,
  );
  return [
    ...when(total > 0 && isParked, {
      type: 'AlreadyMigrated',
      what: `${plan.source.name} is parked and ${plan.target.name} has ${total} active contracts of its parties`,
      cure: 'nothing is to be done if the target serves: never purge its contracts',
    }),
    ...when(total > 0 && !isParked, {
      type: 'TargetHasContracts',
      what: `${plan.target.name} already has ${total} active contracts of parties that move`,
      cure: 'abort the migration that imported them before a new one starts; if the parties were moved away from this node, set options.copy to changes',
    }),
  ];
}

function when(isSo: boolean, finding: Finding): Finding[] {
  return isSo ? [finding] : [];
}
