import type { TestContext } from 'node:test';

import { newLiveRecord, type LiveRecord } from '../../model/live.js';
import { newMigration, phaseOf, type Migration } from '../../model/migration.js';
import type { Phase } from '../../model/phase.js';
import { migrationId, type HashedPlan } from '../../model/plan.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import { undos } from '../../workflows/live-route.js';
import { reportedFailure } from '../../workflows/outcome.js';
import * as delegateNamespace from '../../workflows/phases/delegate-namespace.js';
import * as cutOver from '../../workflows/phases/live/cut-over.js';
import { hostOf, onboardingOf } from '../../workflows/phases/live/live-input.js';
import * as recreateParties from '../../workflows/phases/live/recreate-parties.js';
import * as transferActiveContracts from '../../workflows/phases/live/transfer-active-contracts.js';
import * as verify from '../../workflows/phases/live/verify.js';
import * as migrateDars from '../../workflows/phases/migrate-dars.js';
import * as migrateLocalState from '../../workflows/phases/migrate-local-state.js';
import { notEqual } from '../../workflows/phases/verify.js';
import { TINY_LIVE } from './live.js';
import { quickly } from './quick-attempts.js';
import { LIVE_REQUEST, startStack, type Stack } from './stack.js';
import { unhurried } from './steps.js';

/** A migration by the live route as plain functions: what the workflow keeps between its steps. */
export interface LiveMigrating extends Omit<Stack, 'plan'> {
  planned: HashedPlan;
  migration: Migration;
}

/** What the workflow does one after the other; a gate, or a proof, lies between two of one phase. */
export const LIVE_STEPS = [
  'delegate-namespace',
  'recreate-parties',
  'migrate-dars',
  'migrate-local-state',
  'isolation',
  'transfer-active-contracts',
  'equality',
  'onboarding',
  'switch',
  'cut-over',
  'verify',
] as const;

export type LiveStep = (typeof LIVE_STEPS)[number];

/** The phase that a step belongs to: from its begin on an abort takes the phase back. */
const PHASE_OF: Record<LiveStep, Phase> = {
  'delegate-namespace': 'delegate-namespace',
  'recreate-parties': 'recreate-parties',
  'migrate-dars': 'migrate-dars',
  'migrate-local-state': 'migrate-local-state',
  isolation: 'transfer-active-contracts',
  'transfer-active-contracts': 'transfer-active-contracts',
  equality: 'transfer-active-contracts',
  onboarding: 'cut-over',
  switch: 'cut-over',
  'cut-over': 'cut-over',
  verify: 'verify',
};

/** A node whose flags and commitments are due at once. */
export const PROMPT_LIVE: ScenarioChange = {
  ...TINY_LIVE,
  timing: { ...TINY_LIVE.timing, onboardingMs: 40, reconciliationMs: 150 },
};

/** Starts a stack, makes the plan and runs the steps before the one given, all of them if none is. */
export async function startLiveSteps(
  t: TestContext,
  { before, scenario = PROMPT_LIVE }: { before?: LiveStep; scenario?: ScenarioChange } = {},
): Promise<LiveMigrating> {
  const stack = await startStack(t, scenario);
  const migrating = await begun({ ...stack, act: quickly(stack.activities) });
  await applyUpTo(migrating, before);
  return migrating;
}

/** Makes the plan of a migration that has not begun. */
export async function begun<Its extends Omit<Stack, 'plan'>>(stack: Its): Promise<Its & LiveMigrating> {
  const planned = unhurried(await stack.act.readPlan(LIVE_REQUEST));
  const migration = newMigration(migrationId(planned.plan.source.uid));
  return { ...stack, planned, migration: { ...migration, hashed: planned, live: newLiveRecord() } };
}

/** Runs the steps before the one given, all of them if none is. */
export async function applyUpTo(migrating: LiveMigrating, before?: LiveStep): Promise<void> {
  const end = before === undefined ? LIVE_STEPS.length : LIVE_STEPS.indexOf(before);
  for (const step of LIVE_STEPS.slice(0, end)) await applyLive(migrating, step);
}

/** Applies a step as the workflow does. */
export async function applyLive(migrating: LiveMigrating, step: LiveStep): Promise<void> {
  const { migration } = migrating;
  phaseOf(migration, PHASE_OF[step]).state = 'running';
  migration.isPastPointOfNoReturn ||= step === 'cut-over';
  await APPLY[step](migrating);
}

const APPLY: Record<LiveStep, (migrating: LiveMigrating) => Promise<unknown>> = {
  'delegate-namespace': async ({ planned: { plan }, act }) => {
    const { alias } = plan.source.synchronizer;
    if (plan.live!.joins) await act.ensureJoined({ ...onboardingOf(plan), alias });
    await delegateNamespace.apply(plan, act);
  },
  'recreate-parties': ({ planned: { plan }, act }) => recreateParties.apply(plan, act, []),
  'migrate-dars': async ({ planned: { plan }, act }) => {
    await act.ensureConnected(hostOf(plan));
    await migrateDars.apply(plan, act);
  },
  'migrate-local-state': ({ planned: { plan }, act }) => migrateLocalState.apply(plan, act),
  isolation: ({ planned: { plan }, act, migration }) =>
    transferActiveContracts.isolate(plan, act, { ...migration, live: liveOf(migration) }),
  'transfer-active-contracts': ({ planned, act, migration }) =>
    transferActiveContracts.apply(planned, act, { ...migration, live: liveOf(migration) }),
  equality: prove,
  onboarding: async (migrating) => {
    const { planned, act, migration } = migrating;
    const live = liveOf(migration);
    const onboard = () => cutOver.onboard(planned, act, { ...migration, live });
    if (!live.isProven) await prove(migrating);
    await onboard().catch(async (error: unknown) => {
      if (reportedFailure('cut-over', error)?.type !== 'EqualityStale') throw error;
      live.isProven = false;
      await prove(migrating);
      await onboard();
    });
    await migrateLocalState.compare(planned.plan, act);
    await cutOver.readSwitching(planned.plan, act, live);
  },
  switch: ({ planned, act, migration }) =>
    cutOver.quiesce(planned, act, { ...migration, live: liveOf(migration) }),
  'cut-over': ({ planned: { plan }, act, migration }) => cutOver.apply(plan, act, liveOf(migration)),
  verify: async ({ planned, act, migration }) => {
    await verify.apply(planned, act, { ...migration, live: liveOf(migration) });
    await migrateLocalState.complete(planned.plan, act);
  },
};

/** Compares both nodes; what differs is repaired at the next call, as an operator has it done. */
async function prove({ planned, act, migration }: LiveMigrating): Promise<void> {
  const live = liveOf(migration);
  await transferActiveContracts.copyGroups(planned, act, live, migration.transfer);
  if (migration.repairBy !== undefined) await verify.repair(planned, act, live);
  delete migration.repairBy;
  const compared = await verify.compare(planned, act, live);
  migration.verification = { ...compared, verifiedAt: new Date().toISOString() };
  Object.assign(live, { isProven: compared.isEqual, provenLedgerEnd: compared.targetLedgerEnd });
  if (compared.isEqual) return;
  migration.repairBy = 'test';
  throw notEqual(compared);
}

/** Takes back what was begun, in the order of an abort; what is taken back already is left alone. */
export async function undoLive({ planned, act, migration }: LiveMigrating): Promise<void> {
  for (const [phase, undo] of undos(migration, planned, act)) await takeBack(migration, phase, undo);
}

/** Takes the target back as a host and leaves the rest: as it was before the isolation. */
export async function undoHosting({ planned, act, migration }: LiveMigrating): Promise<void> {
  const [[phase, undo]] = undos(migration, planned, act) as [[Phase, () => Promise<string[]>]];
  await takeBack(migration, phase, undo);
  Object.assign(migration, { live: newLiveRecord(), transfer: { catchUps: [] } });
}

async function takeBack(migration: Migration, phase: Phase, undo: () => Promise<unknown>) {
  const its = phaseOf(migration, phase);
  if (its.state !== 'running') return;
  await undo();
  its.state = 'withdrawn';
}

export function liveOf({ live }: Migration): LiveRecord {
  if (!live) throw new Error('the migration does not take the live route');
  return live;
}
