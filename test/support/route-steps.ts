import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import { typeOf } from '../../model/failure.js';
import { newLiveRecord, type LiveRecord } from '../../model/live.js';
import { newMigration, phaseOf, type Migration, type TransferRecord } from '../../model/migration.js';
import type { Phase } from '../../model/phase.js';
import { isLive, migrationId, type HashedPlan, type LivePlan } from '../../model/plan.js';
import type { Verification } from '../../model/report.js';
import type { MigrationRequest } from '../../model/request.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import { compare } from '../../workflows/phases/verify.js';
import { live } from '../../workflows/routes/live.js';
import { newSynchronizer } from '../../workflows/routes/new-synchronizer.js';
import { stepsOf, type Route, type Step } from '../../workflows/routes/route.js';
import { Runner, type Control, type RouteRunner } from '../../workflows/routes/runner.js';
import type { LiveRun, Run } from '../../workflows/run.js';
import { quickly } from './quick-attempts.js';
import { LIVE_REQUEST, startStack, TINY_LIVE, type Stack } from './stack.js';
import { partiesIn } from './plan-parties.js';

/** One migration whose declared steps a test takes itself, without a workflow. */
export interface Migrating extends Omit<Stack, 'plan'> {
  planned: HashedPlan;
  migration: Migration;
  /** What the migration knows of its transfer. */
  record: TransferRecord;
}

export interface Start {
  /** The last phase that is done already; none if left out. */
  upTo?: Phase;
  /** The first step that is not done yet. */
  before?: string;
  scenario?: ScenarioChange;
  request?: MigrationRequest;
  /** None if left out: in most tests nothing else runs on the source. */
  quietSeconds?: number;
}

/** A node whose flags and commitments are due at once. */
export const PROMPT_LIVE: ScenarioChange = {
  ...TINY_LIVE,
  timing: { ...TINY_LIVE.timing, onboardingMs: 40, reconciliationMs: 150 },
};

/** Starts a stack, makes the plan and takes the steps before the ones under test. */
export async function startSteps(t: TestContext, start: Start = {}): Promise<Migrating> {
  const { plan, ...stack } = await startStack(t, start.scenario);
  const migrating = begun(stack, unhurried(await plan(start.request), start));
  if (start.before !== undefined) await applyUpTo(migrating, start.before);
  if (start.upTo) {
    const last = stepsIn(migrating).findLastIndex(
      ({ phase, isProof }) => phase === start.upTo && !isProof,
    );
    await forward(migrating, 0, last + 1);
  }
  return migrating;
}

/** The same by the route `live`; all steps if none is named. */
export async function startLiveSteps(
  t: TestContext,
  { before, scenario = PROMPT_LIVE }: { before?: string; scenario?: ScenarioChange } = {},
): Promise<Migrating> {
  const migrating = await startLiveMigrating(await startStack(t, scenario));
  await applyUpTo(migrating, before);
  return migrating;
}

/** Makes the plan of a live migration; nothing of it is done. */
export async function startLiveMigrating<Its extends Omit<Stack, 'plan'>>(
  stack: Its,
  request: MigrationRequest = LIVE_REQUEST,
): Promise<Its & Migrating> {
  const quick = { ...stack, act: quickly(stack.activities) };
  return begun(quick, unhurried(await quick.act.readPlan(request)));
}

/** A migration of which nothing is done. */
export function begun<Its extends Omit<Stack, 'plan'>>(
  stack: Its,
  planned: HashedPlan,
): Its & Migrating {
  const migration = { ...newMigration(migrationId(planned.plan.source.uid)), hashed: planned };
  if (isLive(planned.plan)) migration.live = newLiveRecord();
  return { ...stack, planned, migration, record: migration.transfer };
}

/** The same plan and hash with other options: quicker than a request may ask for. */
export function unhurried(
  { plan, ...hashed }: HashedPlan,
  { quietSeconds = 0 }: Pick<Start, 'quietSeconds'> = {},
): HashedPlan {
  const options = { ...plan.request.options, quietSeconds };
  return { plan: { ...plan, request: { ...plan.request, options } }, ...hashed };
}

/** Every step of the route that the plan takes, in order. */
export function stepsIn({ planned: { plan } }: Pick<Migrating, 'planned'>): Step<never>[] {
  return isLive(plan) ? stepsOf(live, plan) : stepsOf(newSynchronizer, plan);
}

/** The modes that the target was told to import contracts in, in order, each once. */
export function importModes({ sandbox }: Pick<Stack, 'sandbox'>): string[] {
  const found = sandbox.calls
    .list({ isMutating: true })
    .filter(({ method, request }) => method === 'ImportAcs' && request.includes('"mig-'))
    .map(({ request }) => /CONTRACT_IMPORT_MODE_([A-Z]+)/.exec(request)?.[1] ?? request);
  return [...new Set(found)];
}

/** Takes one step as the workflow does; what it needs proven is proven before. */
export async function applyStep(migrating: Migrating, name: string): Promise<string[]> {
  const at = indexOf(migrating, name);
  return changedBy(migrating, at, at + 1);
}

/** Takes every step before the one given, all of them if none is. */
export async function applyUpTo(migrating: Migrating, before?: string): Promise<void> {
  const end = before === undefined ? stepsIn(migrating).length : indexOf(migrating, before);
  await forward(migrating, 0, end);
}

/** Takes the steps of a phase but for the comparison that is made ahead of the cut-over. Returns what they changed. */
export async function applyPhase(migrating: Migrating, name: Phase): Promise<string[]> {
  const steps = stepsIn(migrating);
  const isOfPhase = ({ phase, isProof }: Step<never>) => phase === name && !isProof;
  return changedBy(migrating, steps.findIndex(isOfPhase), steps.findLastIndex(isOfPhase) + 1);
}

/** Compares both nodes as the route `new-synchronizer` does before the gate `cut-over`, whatever the outcome. */
export async function compared({ planned, act, record }: Migrating): Promise<Verification> {
  return { ...(await compare(planned, act, record)), verifiedAt: new Date().toISOString() };
}

/** Takes one step back as an abort does. */
export async function undoStep(migrating: Migrating, name: string): Promise<string[]> {
  const step = stepsIn(migrating)[indexOf(migrating, name)] as Step<Run>;
  return (await step.undo?.(runOf(migrating))) ?? [];
}

/** Takes the steps of a phase back as an abort does, the last one first. */
export async function undoPhase(migrating: Migrating, name: Phase): Promise<string[]> {
  const steps = (stepsIn(migrating) as Step<Run>[]).filter(({ phase }) => phase === name);
  const changed: string[] = [];
  for (const { undo } of steps.reverse()) if (undo) changed.push(...(await undo(runOf(migrating))));
  return changed;
}

/** Takes back whatever was begun; what is taken back already is left alone. */
export async function undoAll(migrating: Migrating): Promise<string[]> {
  return runnerOf(migrating).undo();
}

/** Reads, as an abort does in the end, that both nodes are as before. */
export async function checkUndone(migrating: Migrating): Promise<string[]> {
  return runnerOf(migrating).checkUndone();
}

/** What the steps of a migration work on. */
function runOf({ planned, migration, act }: Migrating): Run & { live: LiveRecord } {
  // Of the other route nothing looks at it.
  return { planned, plan: planned.plan, migration, act, live: migration.live ?? newLiveRecord() };
}

export function liveRunOf(migrating: Migrating): LiveRun {
  const { planned } = migrating;
  const plan = livePlanOf(planned);
  return { ...runOf(migrating), plan, planned: { ...planned, plan } };
}

/** The plan of a migration that has to take the live route. */
export function livePlanOf({ plan }: HashedPlan): LivePlan {
  assert.ok(isLive(plan), `the plan takes the route ${plan.route.name}`);
  return plan;
}

export function liveOf({ live: its }: Migration): LiveRecord {
  assert.ok(its, 'the migration does not take the live route');
  return its;
}

/** The id of a local party of the source by its name. */
export function partyOf({ planned }: Pick<Migrating, 'planned'>, name: string): string {
  const found = partiesIn(planned.plan).find(({ party }) => party.startsWith(`${name}::`));
  assert.ok(found, `the plan has no party ${name}`);
  return found.party;
}

async function changedBy(migrating: Migrating, begin: number, end: number): Promise<string[]> {
  const phases = new Set(
    stepsIn(migrating)
      .slice(begin, end)
      .map(({ phase }) => phase),
  );
  const its = [...phases].map((phase) => phaseOf(migrating.migration, phase));
  for (const phase of its) phase.changed = [];
  await forward(migrating, begin, end);
  return its.flatMap(({ changed }) => changed);
}

async function forward(migrating: Migrating, begin: number, end: number): Promise<void> {
  await runnerOf(migrating).forward(begin, end);
}

function runnerOf(migrating: Migrating): RouteRunner {
  const { plan } = migrating.planned;
  const route = (isLive(plan) ? live : newSynchronizer) as Route<Run>;
  return new Runner(route, runOf(migrating), UNATTENDED);
}

/** Gates are open, and nobody helps. */
const UNATTENDED: Control = {
  gate: () => Promise.resolve(),
  attempt: async (stage, work, isPassedOn) => {
    try {
      return await work();
    } catch (error) {
      const type = typeOf(error) ?? '';
      isPassedOn({ stage, kind: 'mismatch', type, message: String(error), cure: '' });
      throw error;
    }
  },
  commit: (work) => work(),
  publish: () => undefined,
};

function indexOf(migrating: Migrating, name: string): number {
  const at = stepsIn(migrating).findIndex((step) => step.name === name);
  assert.ok(at >= 0, `the route has no step ${name}`);
  return at;
}
