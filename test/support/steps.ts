import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import type { FailureKind } from '../../model/failure.js';
import type { TransferRecord } from '../../model/migration.js';
import { PHASES, type Phase } from '../../model/phase.js';
import type { HashedPlan } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import type { Verification } from '../../model/report.js';
import type { CallFilter, CallRecord, ScenarioChange } from '../../sandbox/index.js';
import * as cutOver from '../../workflows/phases/cut-over.js';
import * as delegateNamespace from '../../workflows/phases/delegate-namespace.js';
import * as migrateDars from '../../workflows/phases/migrate-dars.js';
import * as recreateParties from '../../workflows/phases/recreate-parties.js';
import * as transferActiveContracts from '../../workflows/phases/transfer-active-contracts.js';
import * as verify from '../../workflows/phases/verify.js';
import { startStack, type Stack } from './stack.js';

/** One migration as plain functions: what the workflow keeps between its phases. */
export interface Migrating extends Omit<Stack, 'plan'> {
  agreed: HashedPlan;
  /** What a resumed attempt of the transfer goes on with. */
  record: TransferRecord;
  verification?: Verification;
}

export interface Start {
  /** The last phase that is done already; none if left out. */
  upTo?: Phase;
  scenario?: ScenarioChange;
  request?: MigrationRequest;
}

/** Starts a stack, makes the plan and runs the phases before the one under test. */
export async function startPhases(t: TestContext, start: Start = {}): Promise<Migrating> {
  const { plan, ...stack } = await startStack(t, start.scenario);
  const migrating = { ...stack, agreed: unhurried(await plan(start.request)), record: newRecord() };
  for (const phase of start.upTo ? PHASES.slice(0, PHASES.indexOf(start.upTo) + 1) : [])
    await APPLY[phase](migrating);
  return migrating;
}

export function newRecord(): TransferRecord {
  return { importedShards: 0, importedContracts: 0 };
}

/** The same plan and hash, without the time that the source has to be quiet: in a test nothing else runs. */
export function unhurried({ plan, hash }: HashedPlan): HashedPlan {
  const options = { ...plan.request.options, quietSeconds: 0 };
  return { plan: { ...plan, request: { ...plan.request, options } }, hash };
}

/** Applies a phase as the workflow does. */
export const APPLY: Record<Phase, (migrating: Migrating) => Promise<string[]>> = {
  'delegate-namespace': ({ agreed, act }) => delegateNamespace.apply(agreed.plan, act),
  'recreate-parties': ({ agreed, act }) => recreateParties.apply(agreed.plan, act),
  'migrate-dars': ({ agreed, act }) => migrateDars.apply(agreed.plan, act),
  'transfer-active-contracts': ({ agreed, act, record }) =>
    transferActiveContracts.apply(agreed, act, record),
  'cut-over': async ({ agreed, act, record }) => {
    await cutOver.parkSource(agreed.plan, act, record.pinnedOffset!);
    return cutOver.apply(agreed.plan, act);
  },
  verify: async (migrating) => {
    const { agreed, act, record } = migrating;
    migrating.verification = await verify.compare(agreed, act, record.pinnedOffset!);
    return verify.apply(agreed, act, migrating.verification);
  },
};

/** Takes a phase back as an abort does. */
export const UNDO = {
  'recreate-parties': ({ agreed, act }) => recreateParties.undo(agreed.plan, act),
  'migrate-dars': ({ agreed, act }) => migrateDars.undo(agreed.plan, act),
  'transfer-active-contracts': ({ agreed, act, record }) =>
    transferActiveContracts.undo(agreed, act, record),
} satisfies Partial<Record<Phase, (migrating: Migrating) => Promise<string[]>>>;

/** Runs `work` and returns the calls that reached the participants meanwhile. */
export async function callsOf(
  { sandbox }: Pick<Stack, 'sandbox'>,
  work: () => Promise<unknown>,
  filter: CallFilter = {},
): Promise<CallRecord[]> {
  const after = sandbox.calls.last;
  await work();
  return sandbox.calls.list({ ...filter, after });
}

/** Checks a failure as Temporal and the operator get it: its name, its kind and what it mentions. */
export function failing(type: string, kind: FailureKind, ...mentioned: string[]) {
  return (error: unknown): true => {
    assert.ok(error instanceof Error && 'type' in error && 'details' in error, String(error));
    assert.deepEqual({ type: error.type, details: error.details }, { type, details: [{ kind }] });
    for (const text of mentioned) assert.ok(error.message.includes(text), error.message);
    return true;
  };
}

/** The id of a local party of the source by its name. */
export function partyOf({ agreed }: Pick<Migrating, 'agreed'>, name: string): string {
  const found = agreed.plan.parties.find(({ party }) => party.startsWith(`${name}::`));
  assert.ok(found, `the plan has no party ${name}`);
  return found.party;
}
