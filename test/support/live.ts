import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import type { Gate } from '../../model/phase.js';
import type { MigrationReport, WithdrawalReport } from '../../model/report.js';
import type { MigrationRequest } from '../../model/request.js';
import type { ParticipantView } from '../../sandbox/index.js';
import { LIVE_GATES } from './driving.js';
import { itemsOf } from './plan-parties.js';
import { LIVE_REQUEST, TINY_LIVE } from './stack.js';
import { startMigrationStack, type MigrationStack } from './temporal.js';

type Options = NonNullable<Parameters<typeof startMigrationStack>[1]>;

/** A live migration, begun. */
export interface Live {
  stack: MigrationStack;
  id: string;
  /** Ids of the contracts on the source before, sorted. */
  contracts: string[];
}

/** Starts a stack with a small ledger and a live migration on it. `before` happens in between. */
export async function startLive(
  t: TestContext,
  {
    request,
    before,
    ...options
  }: Options & {
    request?: Partial<MigrationRequest>;
    before?: (stack: MigrationStack) => void;
  } = {},
): Promise<Live> {
  const scenario = { ...TINY_LIVE, ...options.scenario };
  const stack = await startMigrationStack(t, { ...options, scenario });
  before?.(stack);
  const contracts = sortedContracts(stack.sandbox.participants.source);
  return { stack, contracts, id: await stack.client.start({ ...LIVE_REQUEST, ...request }) };
}

/** Opens the gates one after the other. */
export async function approveLive(
  { stack, id }: Pick<Live, 'stack' | 'id'>,
  gates: readonly Gate[] = LIVE_GATES,
): Promise<void> {
  for (const gate of gates) await stack.approve(id, gate);
}

/** Aborts, and returns what the migration says of it in the end. */
export async function abortLive({ stack, id }: Live): Promise<WithdrawalReport> {
  await stack.client.abort(id, { by: 'test' });
  await assert.rejects(stack.client.result(id), /aborted by test: the source serves as before/);
  const { withdrawal } = await stack.until(id, ({ state }) => state === 'aborted');
  return withdrawal!;
}

/** A node is the only host of the parties as both see it, has the contracts, and no node is damaged. */
export function assertServes(
  { sandbox: { participants } }: Pick<MigrationStack, 'sandbox'>,
  serving: ParticipantView,
  { contracts, parties }: { contracts: string[]; parties: string[] },
): void {
  assert.ok(parties.length > 0);
  for (const node of [participants.source, participants.target]) {
    assert.deepEqual(node.damage(), [], node.name);
    if (node.connected().length === 0) continue;
    for (const party of parties) assert.deepEqual(node.hosts(party, 'acme'), [serving.uid], party);
  }
  assert.deepEqual(serving.connected(), ['acme']);
  assert.deepEqual(sortedContracts(serving), contracts);
}

/** Those that a migration moved. */
export function partiesOf({ verification }: MigrationReport): string[] {
  return itemsOf(verification.parties).map(({ party }) => party);
}

export function sortedContracts(view: ParticipantView): string[] {
  return view.contracts().sort();
}
