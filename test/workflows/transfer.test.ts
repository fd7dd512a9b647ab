import assert from 'node:assert/strict';
import test from 'node:test';

import type { MigrationRequest } from '../../model/request.js';
import { QUICK_TIMING } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';

/** Three import calls at {@link SLOWLY}. */
const THREE_CALLS = { timing: QUICK_TIMING, contracts: { count: 1_250 } };
const SLOWLY = { by: 'test', targetSeconds: 1, contractsPerSecond: 500 };
const WARM: MigrationRequest = { ...REQUEST, options: { ...REQUEST.options, copy: 'warm' } };

const causeOf = (pattern: RegExp) => (error: Error) => pattern.test((error.cause as Error).message);
const importsOf = ({ sandbox }: MigrationStack) =>
  sandbox.calls.list({ method: 'ImportAcs', participant: 'target' }).length;

test(
  'transfer: retune changes the pace of what is under way, and pause holds it between two calls',
  RARER,
  async (t) => {
    const stack = await startMigrationStack(t, { scenario: THREE_CALLS });
    const { client, sandbox, until, approve, handle } = stack;
    const id = await client.start(REQUEST);
    await client.retune(id, SLOWLY);
    await approve(id, 'root-key');
    await approve(id, 'interrupt-service');
    while (importsOf(stack) === 0) await new Promise(setImmediate);

    await client.pause(id, { by: 'test' });
    const held = await until(id, ({ state }) => state === 'paused');
    const sent = importsOf(stack);
    assert.ok(sent < 3, `${sent} calls`);
    assert.deepEqual(held.tuning, { targetSeconds: 1, contractsPerSecond: 500 });
    assert.equal(held.contracts?.total, 1_250);
    await client.retune(id, { by: 'test', contractsPerSecond: null });
    await client.resume(id, { by: 'test' });
    const verified = await until(id, (status) => status.gate?.name === 'cut-over');

    assert.deepEqual(verified.tuning, { targetSeconds: 1 });
    assert.equal(verified.contracts?.done, 1_250);
    assert.deepEqual(
      sandbox.participants.target.contracts().sort(),
      sandbox.participants.source.contracts().sort(),
    );
    await assert.rejects(
      handle(id).executeUpdate('retune', { args: [SLOWLY] }),
      causeOf(/the transfer is over/),
    );
    await client.abort(id, { by: 'test' });
  },
);

test('transfer: a retune out of range, of another form or of nothing is rejected by name', async (t) => {
  const { client, until, handle } = await startMigrationStack(t);
  const id = await client.start(REQUEST);
  await until(id, (status) => status.gate?.name === 'root-key');
  const retune = (input: object) =>
    handle(id).executeUpdate('retune', { args: [{ by: 'test', ...input }] });

  await assert.rejects(retune({}), causeOf(/found neither targetSeconds nor contractsPerSecond/));
  await assert.rejects(
    retune({ targetSeconds: 0 }),
    causeOf(/targetSeconds: found 0, expected a number from 1 to 60/),
  );
  await assert.rejects(
    retune({ targetSeconds: null }),
    causeOf(/targetSeconds: found null, expected a number/),
  );
  await assert.rejects(
    retune({ contractsPerSecond: 'all' }),
    causeOf(/contractsPerSecond: found "all", expected a number from 1 to 1000000/),
  );
  await assert.rejects(
    handle(id).executeUpdate('repair', { args: [{ by: 'test' }] }),
    causeOf(/did not stop at a comparison/),
  );
  await client.abort(id, { by: 'test' });
});

test(
  'transfer: a warm copy goes ahead of the freeze, behind a gate of its own, and ends equal',
  RARER,
  async (t) => {
    const { client, sandbox, until, approve, handle } = await startMigrationStack(t);
    const { source, target } = sandbox.participants;
    const id = await client.start(WARM);
    await approve(id, 'root-key');
    await approve(id, 'warm-copy');
    const ahead = await until(id, (status) => status.gate?.name === 'interrupt-service');
    assert.equal(ahead.contracts?.done, 60);
    assert.equal(ahead.warmCopy?.catchUps.length, 1);
    assert.ok(ahead.warmCopy.freezeSeconds! > 0);
    assert.deepEqual(source.connected(), ['acme']);
    assert.equal(target.contracts().length, 60);

    source.ledger.churn(9, 4);
    await approve(id, 'interrupt-service');
    const verified = await until(id, (status) => status.gate?.name === 'cut-over');
    assert.equal(verified.verification?.state, 'verified');
    assert.equal(verified.warmCopy?.freezeSeconds, undefined, 'it is frozen');
    assert.equal(verified.verification.contractCount, 65);
    await approve(id, 'cut-over');
    const report = await client.result(id);

    assert.equal(report.outcome, 'migrated');
    assert.deepEqual(target.contracts().sort(), source.contracts().sort());
    assert.ok((await handle(id).describe()).historyLength < 500);
  },
);

test(
  'transfer: an abort of a warm copy leaves the source serving and the target without contracts',
  RARER,
  async (t) => {
    const { client, sandbox, until, approve } = await startMigrationStack(t);
    const { source, target } = sandbox.participants;
    const id = await client.start(WARM);
    await approve(id, 'root-key');
    await approve(id, 'warm-copy');
    await until(id, (status) => status.gate?.name === 'interrupt-service');

    await client.abort(id, { by: 'test' });
    await assert.rejects(client.result(id), /aborted by test/);

    assert.deepEqual(source.connected(), ['acme']);
    assert.deepEqual(target.connected(), ['da']);
    assert.deepEqual(target.contracts(), []);
  },
);

test('transfer: what a comparison found missing is repaired on request, and compared again', async (t) => {
  let comparisons = 0;
  const stack = await startMigrationStack(t, {
    // Somebody purges a contract from the target between the import and the first comparison.
    change: (activities) => ({
      compareActiveContracts: async (input) => {
        const [contractId] = stack.sandbox.participants.target.contracts();
        if (comparisons++ === 0)
          await stack.participants.target.repair.purgeContracts('da', [contractId!]);
        return activities.compareActiveContracts(input);
      },
    }),
  });
  const { client, sandbox, until, approve } = stack;
  const id = await client.start(REQUEST);
  await approve(id, 'root-key');
  await approve(id, 'interrupt-service');
  const stopped = await until(id, ({ state }) => state === 'stopped');
  assert.equal(stopped.verification?.state, 'not-verified');
  assert.deepEqual(stopped.verification.totals, { missing: 1, extra: 0, different: 0 });

  await client.repair(id, { by: 'test' });
  const repaired = await until(id, (status) => status.gate?.name === 'cut-over');

  assert.equal(repaired.verification?.state, 'verified');
  assert.equal(sandbox.participants.target.contracts().length, 60);
  await client.abort(id, { by: 'test' });
});
