import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';

import { QUICK_TIMING } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import { eventually } from '../support/driving.js';
import { approveLive, assertServes, partiesOf, sortedContracts, startLive } from '../support/live.js';
import { startLoad } from '../support/load.js';
import { LIVE_REQUEST } from '../support/stack.js';

interface HookCall {
  method: string | undefined;
  authorization: string | undefined;
  body: { migration: string; source: string; target: string; parties: string[] };
}

/** The operator's own service that moves clients: `answer` returns the status of the nth call. */
async function startHook(t: TestContext, answer: (call: number) => number | Promise<number>) {
  const calls: HookCall[] = [];
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const { method, headers } = request;
      const { authorization } = headers;
      calls.push({ method, authorization, body: JSON.parse(body) as HookCall['body'] });
      const { migration } = calls.at(-1)!.body;
      response.writeHead(await answer(calls.length)).end(JSON.stringify({ switched: true, migration }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { calls, switchHook: { url: `http://127.0.0.1:${port}/switch`, token: 'hook-token' } };
}

test(
  'live clients: the hook is called after the approval of the switch and never before, until it answers well',
  RARER,
  async (t) => {
    const { calls, switchHook } = await startHook(t, (call) => (call === 1 ? 500 : 200));
    const live = await startLive(t, { switchHook });
    const { stack, id, contracts } = live;
    await approveLive(live, ['root-key', 'target-backup']);
    await stack.until(id, ({ gate }) => gate?.name === 'switch');
    assert.deepEqual(calls, []);

    await approveLive(live, ['switch']);
    const report = await stack.client.result(id);

    const call = {
      method: 'POST',
      authorization: 'Bearer hook-token',
      body: { migration: id, source: 'source', target: 'target', parties: partiesOf(report) },
    };
    assert.deepEqual(calls, [call, call]);
    const { changed } = report.phases.find(({ phase }) => phase === 'cut-over')!;
    assert.ok(changed.includes('clients moved by the hook'), changed.join('\n'));
    const { target } = stack.sandbox.participants;
    assertServes(stack, target, { contracts, parties: partiesOf(report) });
  },
);

test(
  'live clients: an abort while the hook does not answer well takes everything back',
  RARER,
  async (t) => {
    const { calls, switchHook } = await startHook(t, () => 503);
    const live = await startLive(t, { switchHook });
    const { stack, id, contracts } = live;
    const { source, target } = stack.sandbox.participants;
    await approveLive(live);
    await eventually('a call of the hook', async () => (calls.length > 0 ? true : undefined));

    await stack.client.abort(id, { by: 'test' });
    await assert.rejects(stack.client.result(id), /the source serves as before/);

    const parties = calls[0]!.body.parties;
    assertServes(stack, source, { contracts, parties });
    assert.deepEqual(target.contracts(), []);
  },
);

test(
  'live clients: three clients submit during the whole route, and lose nothing and do nothing twice',
  RARER,
  async (t) => {
    const moved: (() => Promise<void>)[] = [];
    const { switchHook } = await startHook(t, async () => {
      for (const move of moved) await move();
      return 200;
    });
    const live = await startLive(t, {
      switchHook,
      scenario: { timing: { ...QUICK_TIMING, submissionMs: 20 }, contracts: { count: 30 } },
      request: { options: { ...LIVE_REQUEST.options, quietSeconds: 1 } },
    });
    const { stack, id } = live;
    const { source, target } = stack.sandbox.participants;
    const load = await startLoad(t, stack.sandbox, { rate: 15 });
    moved.push(() => load.switchToTarget());

    await approveLive(live);
    const migrated = await stack.client.result(id);
    const atEnd = load.report().commands.total;
    await eventually('commands on the target', async () =>
      load.report().commands.total > atEnd + 5 ? true : undefined,
    );
    const { comparison, serving, commands, failureCount, namedFailures } = await load.stop();

    assert.equal(serving, 'target');
    assert.ok(commands.create > 0 && commands.transfer > 0 && commands.settle > 0);
    assert.deepEqual([failureCount, namedFailures], [0, []]);
    const { missing, extra, doubled } = comparison!;
    assert.deepEqual({ missing, extra, doubled }, { missing: 0, extra: 0, doubled: 0 });
    assertServes(stack, target, { contracts: sortedContracts(target), parties: partiesOf(migrated) });
    // What the old node still has is the picture of its removal.
    assert.deepEqual(source.damage(), []);
    assert.notDeepEqual(sortedContracts(source), sortedContracts(target));
  },
);
