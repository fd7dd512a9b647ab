import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';

import { StepFailure, type FailureKind } from '../../model/failure.js';
import type { TransferRecord } from '../../model/migration.js';
import { PHASES, type Phase } from '../../model/phase.js';
import type { HashedPlan } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import type { Verification } from '../../model/report.js';
import type { CallFilter, CallRecord, ScenarioChange } from '../../sandbox/index.js';
import * as cutOver from '../../workflows/phases/cut-over.js';
import * as delegateNamespace from '../../workflows/phases/delegate-namespace.js';
import * as migrateDars from '../../workflows/phases/migrate-dars.js';
import * as migrateLocalState from '../../workflows/phases/migrate-local-state.js';
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
  /** Whether the connect at the point of no return may have been sent. */
  isConnecting?: boolean;
}

export interface Start {
  /** The last phase that is done already; none if left out. */
  upTo?: Phase;
  scenario?: ScenarioChange;
  request?: MigrationRequest;
  /** None if left out: in most tests nothing else runs on the source. */
  quietSeconds?: number;
}

/** Starts a stack, makes the plan and runs the phases before the one under test. */
export async function startPhases(t: TestContext, start: Start = {}): Promise<Migrating> {
  const { plan, ...stack } = await startStack(t, start.scenario);
  const migrating = {
    ...stack,
    agreed: unhurried(await plan(start.request), start),
    record: newRecord(),
  };
  for (const phase of start.upTo ? PHASES.slice(0, PHASES.indexOf(start.upTo) + 1) : [])
    await APPLY[phase](migrating);
  return migrating;
}

export function newRecord(): TransferRecord {
  return { catchUps: [] };
}

/** The same plan and hash with other options: quicker than a request may ask for. */
export function unhurried(
  { plan, hash }: HashedPlan,
  { quietSeconds = 0 }: Pick<Start, 'quietSeconds'> = {},
): HashedPlan {
  const options = { ...plan.request.options, quietSeconds };
  return { plan: { ...plan, request: { ...plan.request, options } }, hash };
}

/** Applies a phase as the workflow does. */
export const APPLY: Record<Phase, (migrating: Migrating) => Promise<string[]>> = {
  'delegate-namespace': ({ agreed, act }) => delegateNamespace.apply(agreed.plan, act),
  'recreate-parties': ({ agreed, act }) => recreateParties.apply(agreed.plan, act),
  'migrate-dars': ({ agreed, act }) => migrateDars.apply(agreed.plan, act),
  'migrate-local-state': ({ agreed, act }) => migrateLocalState.apply(agreed.plan, act),
  'transfer-active-contracts': ({ agreed, act, record }) =>
    transferActiveContracts.apply(agreed, act, record),
  'cut-over': async (migrating) => {
    const { agreed, act, record, isConnecting = false } = migrating;
    migrating.verification ??= await compared(migrating);
    await cutOver.parkSource(agreed.plan, act, record.pinnedOffset!);
    const proof = verify.proofOf(migrating.verification);
    migrating.isConnecting = true;
    assert.ok(await cutOver.connect(agreed.plan, act, proof, isConnecting), 'the proof is stale');
    return cutOver.apply(agreed.plan, act, record);
  },
  verify: async ({ agreed, act, record, verification }) => [
    ...(await verify.apply(agreed, act, { ...verification!, late: record.late })),
    ...(await migrateLocalState.complete(agreed.plan, act)),
  ],
};

/** Compares both nodes as the workflow does before the gate `cut-over`. */
export async function compared({ agreed, act, record }: Migrating): Promise<Verification> {
  return { ...(await verify.compare(agreed, act, record)), verifiedAt: new Date().toISOString() };
}

/** Takes a phase back as an abort does. */
export const UNDO = {
  'recreate-parties': ({ agreed, act, record }) => recreateParties.undo(agreed.plan, act, record),
  'migrate-dars': ({ agreed, act, record }) => migrateDars.undo(agreed.plan, act, record),
  'migrate-local-state': ({ agreed, act }) => migrateLocalState.undo(agreed.plan, act),
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

/** Checks a failure of an activity or of a phase itself: its name, who has to act, and what it mentions. */
export function failing(type: string, kind: FailureKind, ...mentioned: string[]) {
  return (error: unknown): true => {
    assert.ok(error instanceof ApplicationFailure || error instanceof StepFailure, String(error));
    const found = error instanceof StepFailure ? error.kind : kindOf(error);
    assert.deepEqual({ type: error.type, kind: found }, { type, kind }, error.message);
    for (const text of mentioned) assert.ok(error.message.includes(text), error.message);
    return true;
  };
}

function kindOf({ details }: ApplicationFailure): unknown {
  const [detail] = details as ({ kind: FailureKind } | undefined)[];
  return detail?.kind;
}

/** The id of a local party of the source by its name. */
export function partyOf({ agreed }: Pick<Migrating, 'agreed'>, name: string): string {
  const found = agreed.plan.parties.find(({ party }) => party.startsWith(`${name}::`));
  assert.ok(found, `the plan has no party ${name}`);
  return found.party;
}
