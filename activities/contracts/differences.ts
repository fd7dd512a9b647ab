import { Context } from '@temporalio/activity';

import {
  partyAdded,
  type DifferenceName,
  type DifferencesReading,
  type FoundDifference,
} from '../../model/differences.js';
import { leftPackages } from '../../model/late-packages.js';
import { nameOf, type PlannedLocalState } from '../../model/local-state.js';
import type { NodeRef } from '../../model/participant.js';
import { reassignmentsOf, sourcePartiesOf } from '../../model/plan-parts.js';
import { delegationsOf, isLive, type HashedPlan, type WithParties } from '../../model/plan.js';
import { PLAN_QUERY } from '../../model/steering.js';
import { compareCopied } from '../local-state/copied-local-state.js';
import { findChangedParties } from '../nodes/freezing.js';
import { findLatePackages } from '../packages/late-packages.js';
import { isSame } from '../local-state/local-settings.js';
import { digestOfAnnotations, digestOfProvider, digestOfUser } from '../local-state/made-digest.js';
import { idsOf, namesOf } from '../packages/package-names.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { ListStore } from '../../storage/list-store.js';
import type { Participants } from '../nodes/participants.js';
import { movedOf } from '../plan/local-state.js';
import { findProposalsOfOthers } from '../plan/warnings.js';
import { progress } from '../attempt/progress.js';
import { findReassigned } from './reassignments.js';

/** Things that are named of each difference. */
const NAMED = 5;

export interface DifferencesInput {
  source: NodeRef;
  target: NodeRef;
  /** What the migration has done by now, because of which a node is not as the plan says. */
  isDelegated: boolean;
  isLocalStateCopied: boolean;
  isFrozen: boolean;
}

/** What the readers take: both nodes, and what they were when the plan was made. */
interface Compared {
  plan: WithParties;
  hashed: HashedPlan<WithParties>;
  source: ParticipantReads;
  target: ParticipantReads;
  input: DifferencesInput;
}

type Found = Partial<Record<DifferenceName, string[]>>;

export function differencesActivities(participants: Participants, lists: ListStore) {
  /** One reader for each fact of the plan. */
  const readers: ((compared: Compared) => Promise<Found>)[] = [
    findPartyDifferences,
    findProposals,
    (compared) => findPackageDifferences(participants, compared),
    findLocalStateDifferences,
    findSettingDifferences,
    findConnectionDifferences,
    findContractDifferences,
    findDelegationDifferences,
  ];
  return {
    /**
     * Returns in what both nodes differ from the plan of this migration, beside what it made itself. The plan is asked of
     * the migration: it may be large, and this is read again and again.
     */
    async readDifferences(input: DifferencesInput): Promise<DifferencesReading> {
      const hashed = (await lists.resolve(await askForPlan())) as HashedPlan<WithParties>;
      const compared: Compared = {
        plan: hashed.plan,
        hashed,
        source: participants.read(input.source),
        target: participants.read(input.target),
        input,
      };
      progress({ reading: 'what has changed since the plan' });
      const found: FoundDifference[] = [];
      for (const read of readers) {
        for (const [name, things] of Object.entries(await read(compared)))
          if (things.length > 0)
            found.push({
              name: name as DifferenceName,
              named: things.slice(0, NAMED),
              count: things.length,
            });
      }
      return { readAt: new Date().toISOString(), found };
    },
  };
}

async function askForPlan(): Promise<HashedPlan> {
  const { client, info } = Context.current();
  const { workflowId, runId } = info.workflowExecution!;
  return client.workflow.getHandle(workflowId, runId).query<HashedPlan>(PLAN_QUERY);
}

async function findPartyDifferences({ plan, source }: Compared): Promise<Found> {
  const { added, gone, otherwise } = await findChangedParties(
    source,
    sourcePartiesOf(plan),
    isLive(plan) ? plan.target.uid : undefined,
  );
  return {
    [partyAdded(plan.route.name)]: added,
    'party-gone': gone,
    'hosting-changed': otherwise,
  };
}

async function findProposals({ plan, source }: Compared): Promise<Found> {
  return isLive(plan) ? { 'hosting-proposed': await findProposalsOfOthers(plan, source) } : {};
}

async function findPackageDifferences(
  participants: Participants,
  { plan, source, input }: Compared,
): Promise<Found> {
  const { dars, vetting, unvetted } = await findLatePackages(participants, {
    source: input.source,
    target: input.target,
    sourceSynchronizerId: plan.source.synchronizer.logicalId,
    synchronizerId: plan.target.synchronizer.logicalId,
    planned: plan.vetting.add,
    former: [...idsOf(plan.vetting.former)],
    copied: [],
    left: leftPackages(plan.request),
  });
  const stored = await source.packages.listPackages();
  const planned = new Set(plan.dars.map(({ mainPackageId }) => mainPackageId));
  return {
    'dar-added': dars
      .filter(({ mainPackageId }) => !planned.has(mainPackageId))
      .map(({ name, version }) => `${name} ${version}`),
    'package-vetted': namesOf(idsOf(vetting), stored),
    'package-unvetted': namesOf(unvetted, stored),
  };
}

async function findLocalStateDifferences(compared: Compared): Promise<Found> {
  const { plan, input } = compared;
  const namespace = plan.commonNamespace;
  const now = await compareCopied(
    compared,
    movedOf({ parties: plan.parties, namespace }),
    plan.request.options?.leaveBehind ?? [],
  );
  const digests = new Map([
    ...now.providers.map(
      ({ wanted }) => [`identity provider ${wanted.id}`, digestOfProvider(wanted)] as const,
    ),
    ...now.users.map(
      ({ wanted, rights }) => [`user ${wanted.id}`, digestOfUser(wanted, rights)] as const,
    ),
    ...now.annotations.map(
      ({ party, wanted }) =>
        [annotationsOf(nameOf(party, namespace)), digestOfAnnotations(party, wanted)] as const,
    ),
  ]);
  const planned = plannedDigests(plan.localState);
  const added = [...digests.keys()].filter((what) => !planned.has(what));
  const changed = [...planned].filter(([what, digest]) => digests.get(what) !== digest);
  const name = input.isLocalStateCopied ? 'local-state-changed-since' : 'local-state-changed';
  return { 'local-state-added': added, [name]: changed.map(([what]) => what) };
}

function plannedDigests({ identityProviders, users, partyAnnotations }: PlannedLocalState) {
  return new Map([
    ...identityProviders.map(({ id, digest }) => [`identity provider ${id}`, digest] as const),
    ...users.map(({ id, digest }) => [`user ${id}`, digest] as const),
    ...partyAnnotations.map(({ name, digest }) => [annotationsOf(name), digest] as const),
  ]);
}

function annotationsOf(name: string): string {
  return `annotations of ${name}`;
}

async function findSettingDifferences({ plan, source, input }: Compared): Promise<Found> {
  const limits = await source.health.readResourceLimits();
  const schedule = await source.health.findPruningSchedule();
  // The migration itself suspends it, and only it does.
  const isSuspended = input.isLocalStateCopied && schedule === undefined;
  const planned = plan.localState.pruningSchedule?.schedule;
  return {
    'limits-changed': isSame(limits, plan.source.resourceLimits) ? [] : [JSON.stringify(limits)],
    'pruning-changed':
      isSuspended || isSame(schedule, planned) ? [] : [schedule ? schedule.cron : 'none any more'],
  };
}

/** Of a node that the migration disconnects only what it is registered with tells anything. */
async function findConnectionDifferences({ plan, source, target, input }: Compared): Promise<Found> {
  const [ofSource, ofTarget] = await Promise.all([
    source.synchronizers.listRegistered(),
    target.synchronizers.listRegistered(),
  ]);
  const sides = [
    { node: plan.source, now: ofSource },
    { node: plan.target, now: ofTarget },
  ];
  const joined = sides.flatMap(({ node, now }) => {
    // With this one the migration itself may have registered the target.
    const known = new Set([...node.connections.map(({ alias }) => alias), node.synchronizer.alias]);
    return now.filter(({ alias }) => !known.has(alias)).map(({ alias }) => `${alias} on ${node.name}`);
  });
  const gone = sides.flatMap(({ node, now }) =>
    node.connections
      .filter(({ alias }) => now.every((its) => its.alias !== alias))
      .map(({ alias }) => `${alias} on ${node.name}`),
  );
  const otherwise = plan.source.connections.filter((before) => {
    const its = ofSource.find(({ alias }) => alias === before.alias);
    return (
      its && (its.isConnected !== before.isConnected || its.isManualConnect !== before.isManualConnect)
    );
  });
  return {
    'synchronizer-joined': joined,
    'synchronizer-gone': gone,
    'connection-changed': input.isFrozen ? [] : otherwise.map(({ alias }) => alias),
  };
}

async function findContractDifferences({ hashed, source }: Compared): Promise<Found> {
  return { 'contract-reassigned': await findReassigned(source, reassignmentsOf(hashed)) };
}

async function findDelegationDifferences({ plan, target, input }: Compared): Promise<Found> {
  if (!input.isDelegated) return {};
  const store = { synchronizerId: plan.target.synchronizer.logicalId };
  const gone: string[] = [];
  for (const { namespace, targetKey } of delegationsOf(plan)) {
    const listed = await target.topology.listDelegations(store, namespace);
    if (listed.every((its) => its.targetKey !== targetKey)) gone.push(namespace);
  }
  return { 'delegation-gone': gone };
}
