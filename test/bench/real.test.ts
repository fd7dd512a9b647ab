import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import { contractsSent } from '../../bench/pause-copy.js';
import { provideDars } from '../../bench/bare-transfer.js';
import { measureReal } from '../../bench/real.js';
import { openControlPort } from '../../sandbox/control.js';
import { startSandbox, type ScenarioChange } from '../../sandbox/index.js';
import { eventually } from '../support/driving.js';
import { connectOperator } from '../support/operator.js';
import { SMALL } from '../support/stack.js';
import { removeAtEnd } from '../../tools/processes.js';

test('bench real: copies, finds both equal, and withdraws exactly what it imported', async (t) => {
  const { sandbox, measure, isolate } = await start(t);
  const { source, target } = sandbox.participants;
  const contracts = source.contracts();

  await assert.rejects(measure(), /target is connected to da/);
  assert.deepEqual(importsOf(sandbox), []);

  await isolate();
  const lines = await measure();

  assert.ok(lines.includes(`withdrawn: ${contracts.length} contracts`), lines.join('\n'));
  assert.ok(lines.includes('both are equal'));
  assert.deepEqual(target.contracts(), []);
  assert.deepEqual(source.contracts(), contracts);
});

test('bench real: a target that has contracts of the parties is refused, and keeps them', async (t) => {
  const { sandbox, measure, isolate, prefixOf, lines } = await start(t);
  const { target } = sandbox.participants;
  await isolate();
  sandbox.faults.failBefore('PurgeContracts', { times: 1, code: 'FAILED_PRECONDITION' });
  await assert.rejects(measure(), /repeat with --withdraw bench-/);
  const held = target.contracts();
  assert.notDeepEqual(held, []);

  await assert.rejects(measure(), /target has contracts of the parties already/);
  await assert.rejects(measure({ withdraw: 'mig-0123456789abcdef' }), /expected bench-/);
  await measure({ withdraw: 'bench-0123456789abcdef' });
  assert.deepEqual(target.contracts(), held);

  await measure({ withdraw: prefixOf(lines) });
  assert.deepEqual(target.contracts(), []);
});

test('bench real: withdraws what it imported although the answer was lost, or it was stopped meanwhile', async (t) => {
  const { sandbox, measure, isolate } = await start(t, { timing: { importCallMs: 1_000 } });
  const { target } = sandbox.participants;
  await isolate();
  sandbox.faults.dropReply('ImportAcs', { times: 1 });

  await assert.rejects(measure());
  assert.deepEqual(target.contracts(), []);

  const stop = new AbortController();
  const begun = importsOf(sandbox).length;
  const stopped = measure({}, stop.signal);
  stopped.catch(() => undefined);
  await eventually('the import', () => Promise.resolve(importsOf(sandbox).length > begun || undefined));
  stop.abort(new Error('stopped by a test'));

  await assert.rejects(stopped);
  assert.deepEqual(target.contracts(), []);
  const own = importsOf(sandbox).filter(({ request }) => !request.includes('bench-probe'));
  assert.equal(own.length, 2);
});

// What the benchmark of a pause counts: nothing that was sent may come twice.
test('bench: a contract counts each time it is sent, also if the answer is lost', async (t) => {
  const { sandbox, measure, isolate } = await start(t);
  const opened = await openControlPort(sandbox, 0);
  t.after(() => opened.close());
  const sent = () => contractsSent({ control: `127.0.0.1:${opened.port}` });
  const contracts = sandbox.participants.source.contracts().length;
  await isolate();
  await measure();
  const once = await sent();

  sandbox.faults.dropReply('ImportAcs', { times: 1, skip: 1 });
  await measure().catch(() => undefined);

  assert.deepEqual([once, (await sent()) - once], [contracts, contracts]);
});

function importsOf(sandbox: Awaited<ReturnType<typeof startSandbox>>) {
  return sandbox.calls.list({ participant: 'target', method: 'ImportAcs' });
}

async function start(t: TestContext, change: ScenarioChange = {}) {
  const timing = { ...SMALL.timing, ...change.timing };
  const sandbox = await startSandbox({ scenario: { ...SMALL, ...change, timing } });
  const folder = mkdtempSync(join(tmpdir(), 'bench-real-'));
  removeAtEnd(folder);
  const config = join(folder, 'worker.json');
  const apis = (name: 'source' | 'target') => {
    const { adminAddress, ledgerAddress } = sandbox.participants[name];
    return { admin: { address: adminAddress }, ledger: { address: ledgerAddress } };
  };
  const participants = { source: apis('source'), target: apis('target') };
  writeFileSync(config, JSON.stringify({ participants, spool: 'spool', lists: 'lists' }));
  const from = connectOperator('source', participants.source);
  const to = connectOperator('target', participants.target);
  t.after(() => {
    from.close();
    to.close();
    return sandbox.close();
  });
  const lines: string[] = [];
  return {
    ...{ sandbox, lines },
    measure: async (more = {}, signal = new AbortController().signal) => {
      const settings = { config, source: 'source', target: 'target', ...more };
      await measureReal(settings, { signal, tell: (line) => lines.push(line) });
      return lines;
    },
    /** Disconnects the target for good, and gives it the packages. */
    isolate: async () => {
      await provideDars(from, to);
      for (const { alias } of await to.synchronizers.listRegistered()) {
        await to.synchronizers.setManualConnect(alias, true);
        await to.synchronizers.disconnect(alias);
      }
    },
    prefixOf: (all: string[]) => /bench-[0-9a-f]{16}/.exec(all.join('\n'))![0],
  };
}
