import type { Activities } from '../../activities/index.js';
import { nameOf, type LocalAction, type PlannedLocalState } from '../../model/local-state.js';
import {
  commonNamespace,
  isLive,
  isReturn,
  movedParties,
  type MigrationPlan,
} from '../../model/plan.js';
import { counted, refOf } from './plan-input.js';

/**
 * Give the target what only the source's node knows of its users: identity providers, users, their rights,
 * annotations of parties, resource limits. From here on the source does not prune: the copy needs its history.
 *
 * Additive, and nothing without a section of the plan; `undo` takes back what it made. Source: Canton facts 1.15.
 */
export async function apply(plan: MigrationPlan, act: Activities): Promise<string[]> {
  const { localState } = plan;
  if (!localState) return [];
  const changed = await suspendPruning(plan, localState, act);

  // A user needs its identity provider, and a right its user.
  const ids = named(localState.identityProviders);
  if (ids.length > 0) {
    const { source, target } = inputOf(plan);
    const { created } = await act.ensureIdentityProviders({ source, target, ids });
    if (created > 0) changed.push(`${counted(created, 'identity provider')} created`);
  }
  const users = named(localState.users);
  if (users.length > 0) {
    const done = await act.ensureUsers({ ...inputOf(plan), ids: users });
    if (done.created > 0) changed.push(`${counted(done.created, 'user')} created`);
    if (done.granted > 0) changed.push(`${counted(done.granted, 'right')} granted`);
    if (done.annotated > 0) changed.push(`${counted(done.annotated, 'user')} annotated`);
  }
  if (!isLate(plan)) changed.push(...(await annotate(plan, localState, act)));
  if (localState.resourceLimits.action === 'create') {
    const limits = plan.source.resourceLimits;
    const { isNew } = await act.ensureResourceLimits({ participant: refOf(plan.target), limits });
    if (isNew) changed.push(`resource limits of ${plan.source.name} set on ${plan.target.name}`);
  }
  return changed;
}

/** Whether the target hosts the parties only after the cut-over: it was parked, or it is no full host before. */
function isLate(plan: MigrationPlan): boolean {
  return isReturn(plan) || isLive(plan);
}

/** The target has to host the parties. */
async function annotate(plan: MigrationPlan, its: PlannedLocalState, act: Activities) {
  const names = its.partyAnnotations.map(({ name }) => name);
  if (names.length === 0) return [];
  const { annotated } = await act.ensurePartyAnnotations({ ...inputOf(plan), names });
  return annotated > 0 ? [`${counted(annotated, 'party', 'parties')} annotated`] : [];
}

/** A pruned source could not be exported again at the same offset. */
async function suspendPruning({ source }: MigrationPlan, its: PlannedLocalState, act: Activities) {
  if (!its.pruningSchedule) return [];
  const { isNew } = await act.ensurePruningSchedule({ participant: refOf(source) });
  return isNew ? [`pruning of ${source.name} suspended (${its.pruningSchedule.schedule.cron})`] : [];
}

/** In the reverse order; what is not as this migration made it stays, and is named. */
export async function undo(plan: MigrationPlan, act: Activities): Promise<string[]> {
  const { localState } = plan;
  if (!localState) return [];
  const changed: string[] = [];
  const input = inputOf(plan);
  if (localState.resourceLimits.action === 'create') {
    const { former } = localState.resourceLimits;
    const { isNew } = await act.ensureResourceLimits({ participant: input.target, limits: former });
    if (isNew) changed.push(`resource limits of ${input.target.name} restored`);
  }
  const added = localState.partyAnnotations
    .filter(({ add }) => add.length > 0)
    .map(({ name, add }) => ({ name, keys: add }));
  if (added.length > 0 && !isLate(plan)) {
    const { withdrawn } = await act.withdrawPartyAnnotations({ ...input, added });
    if (withdrawn > 0)
      changed.push(`annotations of ${counted(withdrawn, 'party', 'parties')} withdrawn`);
  }
  const remove = named(localState.users, 'create');
  const reduce = localState.users
    .filter(({ action }) => action === 'extend')

    .map(({ id, identityProvider = '', addRights = [], addAnnotations = [] }) => ({
      id,
      identityProvider,
      rights: addRights,
      annotations: addAnnotations,
    }));
  if (remove.length + reduce.length > 0) {
    const { removed, reduced, kept } = await act.withdrawUsers({ ...input, remove, reduce });
    if (removed > 0) changed.push(`${counted(removed, 'user')} removed`);
    if (reduced > 0) changed.push(`${counted(reduced, 'user')} reduced to what they had`);
    changed.push(...kept.map((id) => `user ${id} left: not as this migration made it`));
  }
  const ids = named(localState.identityProviders, 'create');
  if (ids.length > 0) {
    const { source, target } = input;
    const { removed, kept } = await act.withdrawIdentityProviders({ source, target, ids });
    if (removed > 0) changed.push(`${counted(removed, 'identity provider')} removed`);
    changed.push(...kept.map((id) => `identity provider ${id} left: not as this migration made it`));
  }
  return [...changed, ...(await resumePruning(plan, act))];
}

/** Let the source prune again, as it did before. */
export async function resumePruning(plan: MigrationPlan, act: Activities): Promise<string[]> {
  const participant = refOf(plan.source);
  const schedule = plan.localState?.pruningSchedule?.schedule;
  if (!schedule) return [];
  const { isNew } = await act.ensurePruningSchedule({ participant, schedule });
  return isNew ? [`${participant.name} prunes by schedule again`] : [];
}

/** Read on both nodes that the target has all of it, also what came after the plan. Before the gate: no change. */
export async function compare(plan: MigrationPlan, act: Activities): Promise<void> {
  if (plan.localState) await read(plan, plan.localState, act, isLate(plan) ? ['partyAnnotations'] : []);
}

/**
 * After the cut-over: what had to wait for it, everything read once more, and the pruning schedule of the source.
 *
 * The schedule is the last thing: an abort needs the history of the target.
 */
export async function complete(plan: MigrationPlan, act: Activities): Promise<string[]> {
  const { localState } = plan;
  if (!localState) return [];
  const annotated = isLate(plan) ? await annotate(plan, localState, act) : [];
  const equal = await read(plan, localState, act);
  const { action, schedule } = localState.pruningSchedule ?? {};
  if (action !== 'create' || !schedule) return [...annotated, equal];
  await act.ensurePruningSchedule({ participant: refOf(plan.target), schedule });
  const prunes = `${plan.target.name} prunes by the schedule of ${plan.source.name} (${schedule.cron})`;
  return [...annotated, equal, prunes];
}

async function read(
  plan: MigrationPlan,
  { resourceLimits }: PlannedLocalState,
  act: Activities,
  notYet: string[] = [],
): Promise<string> {
  const isLimited = ['create', 'present'].includes(resourceLimits.action);
  const { identityProviders, users, annotatedParties } = await act.readLocalState({
    ...inputOf(plan),
    leaveBehind: [...(plan.request.options?.leaveBehind ?? []), ...notYet],
    ...(isLimited && { limits: plan.source.resourceLimits }),
  });
  return (
    `${counted(users, 'user')}, ${counted(identityProviders, 'identity provider')} and annotations of ` +
    `${counted(annotatedParties, 'party', 'parties')} equal on source and target`
  );
}

function inputOf(plan: MigrationPlan) {
  const namespace = commonNamespace(plan.parties, plan.source);
  return {
    source: refOf(plan.source),
    target: refOf(plan.target),
    namespace,
    partyNames: movedParties(plan).map((party) => nameOf(party, namespace)),
  };
}

function named(items: { id: string; action: LocalAction }[], only?: LocalAction): string[] {
  return items.filter(({ action }) => only === undefined || action === only).map(({ id }) => id);
}
