import type { Activities } from '../../activities/index.js';
import { type LocalAction, type PlannedLocalState } from '../../model/local-state.js';
import { keepLocalState } from '../../model/made.js';
import type { TransferRecord } from '../../model/migration.js';
import { isLive, isReverse, movedParties, type MigrationPlan } from '../../model/plan.js';
import { counted } from '../../model/count.js';
import { refOf } from '../../model/plan-parts.js';

type Made = Pick<TransferRecord, 'made'>;

/**
 * Give the target what only the source's node knows of its users: identity providers, users, their rights,
 * annotations of parties, resource limits. From here on the source does not prune: the copy needs its history.
 *
 * Additive, and nothing without a section of the plan; `undo` takes back what it made. Source: admin-api 1.15.
 */
export async function apply(plan: MigrationPlan, act: Activities, record: Made): Promise<string[]> {
  const { localState } = plan;
  await keepMissing(plan, act, record);
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
    const { former } = localState.resourceLimits;
    const participant = refOf(plan.target);
    const { isNew } = await act.ensureResourceLimits({ participant, limits, former });
    if (isNew) changed.push(`resource limits of ${plan.source.name} set on ${plan.target.name}`);
  }
  return changed;
}

/** Records what the migration is about to make: what the target has already is not its own. */
async function keepMissing(plan: MigrationPlan, act: Activities, { made }: Made): Promise<void> {
  const { identityProviders, users, partyAnnotations, resourceLimits } = plan.localState;
  const found = await act.findMissingLocalState({
    ...inputOf(plan),
    identityProviders: named(identityProviders),
    users: named(users),
    annotations: isLate(plan) ? [] : partyAnnotations.map(({ name }) => name),
    createdUsers: idsOf(made.users),
    ...(resourceLimits.action === 'create' && { formerLimits: resourceLimits.former }),
  });
  keepLocalState(made, found);
}

function idsOf(things: { id: string }[]): string[] {
  return things.map(({ id }) => id);
}

/** Whether the target hosts the parties only after the cut-over: it was parked, or it is no full host before. */
function isLate(plan: MigrationPlan): boolean {
  return isReverse(plan) || isLive(plan);
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
export async function undo(plan: MigrationPlan, act: Activities, { made }: Made): Promise<string[]> {
  const { localState } = plan;
  const changed: string[] = [];
  const input = inputOf(plan);
  const { target } = input;
  if (made.hasLimits) {
    const { isNew, isOthers } = await act.ensureResourceLimits({
      participant: target,
      limits: localState.resourceLimits.former,
      former: plan.source.resourceLimits,
    });
    if (isNew) changed.push(`resource limits of ${target.name} restored`);
    if (isOthers) changed.push(`resource limits of ${target.name} left: others changed them`);
  }
  if (made.annotations.length > 0) {
    const { withdrawn, kept } = await act.withdrawPartyAnnotations({
      ...input,
      made: made.annotations,
    });
    if (withdrawn > 0)
      changed.push(`annotations of ${counted(withdrawn, 'party', 'parties')} withdrawn`);
    changed.push(...kept);
  }
  const { users: remove, extendedUsers: reduce } = made;
  const others = without(named(localState.users, 'create'), [...remove, ...reduce]);
  if (remove.length + reduce.length + others.length > 0) {
    const { removed, reduced, kept } = await act.withdrawUsers({ ...input, remove, reduce, others });
    if (removed > 0) changed.push(`${counted(removed, 'user')} removed`);
    if (reduced > 0) changed.push(`${counted(reduced, 'user')} reduced to what they had`);
    changed.push(...kept);
  }
  const providers = made.identityProviders;
  const ofOthers = without(named(localState.identityProviders, 'create'), providers);
  if (providers.length + ofOthers.length > 0) {
    const { removed, kept } = await act.withdrawIdentityProviders({
      target,
      made: providers,
      others: ofOthers,
    });
    if (removed > 0) changed.push(`${counted(removed, 'identity provider')} removed`);
    changed.push(...kept);
  }
  return [...changed, ...(await resumePruning(plan, act))];
}

function without(ids: string[], things: { id: string }[]): string[] {
  const known = new Set(idsOf(things));
  return ids.filter((id) => !known.has(id));
}

/** Let the source prune again, as it did before. */
export async function resumePruning(plan: MigrationPlan, act: Activities): Promise<string[]> {
  const participant = refOf(plan.source);
  const schedule = plan.localState?.pruningSchedule?.schedule;
  if (!schedule) return [];
  const { isNew } = await act.ensurePruningSchedule({ participant, schedule });
  return isNew ? [`${participant.name} prunes by schedule again`] : [];
}

/**
 * Read on both nodes that the target has all of it, also what came after the plan, and of what was copied nothing that the
 * source does not have any more. Before the gate: no change.
 */
export async function compare(plan: MigrationPlan, act: Activities, record: Made): Promise<void> {
  await read(plan, act, record, isLate(plan) ? ['partyAnnotations'] : []);
}

/**
 * After the cut-over: what had to wait for it, everything read once more, and the pruning schedule of the source.
 *
 * The schedule is the last thing: an abort needs the history of the target.
 */
export async function complete(plan: MigrationPlan, act: Activities, record: Made): Promise<string[]> {
  const { localState } = plan;
  const annotated = isLate(plan) ? await annotate(plan, localState, act) : [];
  const equal = await read(plan, act, record);
  const { action, schedule } = localState.pruningSchedule ?? {};
  if (action !== 'create' || !schedule) return [...annotated, equal];
  await act.ensurePruningSchedule({ participant: refOf(plan.target), schedule });
  const prunes = `${plan.target.name} prunes by the schedule of ${plan.source.name} (${schedule.cron})`;
  return [...annotated, equal, prunes];
}

async function read(
  plan: MigrationPlan,
  act: Activities,
  { made }: Made,
  notYet: string[] = [],
): Promise<string> {
  const { resourceLimits } = plan.localState;
  const isLimited = ['create', 'present'].includes(resourceLimits.action);
  const { identityProviders, users, annotatedParties } = await act.readLocalState({
    ...inputOf(plan),
    leaveBehind: [...(plan.request.options?.leaveBehind ?? []), ...notYet],
    made,
    planned: foundOnBoth(plan.localState),
    ...(isLimited && { limits: plan.source.resourceLimits }),
  });
  return (
    `${counted(users, 'user')}, ${counted(identityProviders, 'identity provider')} and annotations of ` +
    `${counted(annotatedParties, 'party', 'parties')} equal on source and target`
  );
}

/** Digests of the source's users that the target had already, by id. */
function foundOnBoth({ users }: PlannedLocalState): Record<string, string> {
  const found = users.filter(({ action }) => action === 'present' || action === 'extend');
  return Object.fromEntries(found.map(({ id, digest }) => [id, digest]));
}

function inputOf(plan: MigrationPlan) {
  return {
    source: refOf(plan.source),
    target: refOf(plan.target),
    namespace: plan.commonNamespace,
    parties: movedParties(plan),
  };
}

function named(items: { id: string; action: LocalAction }[], only?: LocalAction): string[] {
  return items.filter(({ action }) => only === undefined || action === only).map(({ id }) => id);
}
