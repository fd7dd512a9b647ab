import assert from 'node:assert/strict';
import test from 'node:test';
import type { MetricMeter } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, type LogEntry } from '@temporalio/worker';

import { connectParticipant } from '../../../canton/index.js';
import type { SourceLook } from '../../../model/source-watch.js';
import { attempt } from '../../support/attempt.js';
import { pretended } from '../../support/pretending.js';
import { reached } from '../../support/reached.js';
import { PROMPT_LIVE } from '../../support/route-steps.js';
import { startStack, type Stack } from '../../support/stack.js';

async function startParked(t: Parameters<typeof startStack>[0]) {
  const stack = await startStack(t);
  await stack.act.isolateTarget({ target: stack.refs.source });
  const { ledgerEnd } = await stack.act.readLedgerEnd({ participant: stack.refs.source });
  const input = { source: stack.refs.source, expectedLedgerEnd: ledgerEnd };
  return { stack, input };
}

/** One look by a watch that knows nothing, with what it logged and measured. */
async function watchOnce({ activities }: Stack, input: Parameters<Stack['act']['readParkedSource']>[0]) {
  const entries: LogEntry[] = [];
  const metrics: [name: string, value: number, source: string | undefined][] = [];
  const record = (name: string) => (value: number, tags: { source?: string }) =>
    void metrics.push([name, value, tags.source]);
  const metricMeter = {
    createCounter: (name: string) => ({ add: record(name) }),
    createGauge: (name: string) => ({ set: record(name) }),
  } as unknown as MetricMeter;
  const logger = new DefaultLogger('INFO', (entry) => entries.push(entry));
  const environment = new MockActivityEnvironment({}, { logger, metricMeter });
  const watch = () => activities.watchSource({ ...input, everySeconds: 5 });
  const seen = await environment.run<[], SourceLook, typeof watch>(watch);
  return { seen, metrics, levels: entries.map(({ level }) => level) };
}

test('source watch: an alarm is an error in the log of the worker, is counted, and shows in the gauge until it is over', async (t) => {
  const { stack, input } = await startParked(t);
  const { synchronizers } = stack.participants.get('source')!;
  await synchronizers.reconnect('acme');

  const alarm = await watchOnce(stack, input);
  await stack.act.ensureParkedAgain(input);
  const { ledgerEnd } = await stack.act.readLedgerEnd({ participant: stack.refs.source });
  const parked = await watchOnce(stack, { ...input, expectedLedgerEnd: ledgerEnd });

  assert.match(alarm.seen.reason!, /^source: connected to acme/);
  assert.deepEqual(alarm.levels, ['ERROR']);
  assert.deepEqual(alarm.metrics, [
    ['canton_migrate_watch_alarm', 1, 'source'],
    ['canton_migrate_watch_alarms', 1, 'source'],
  ]);
  assert.deepEqual(parked.levels, ['INFO']);
  assert.deepEqual(parked.metrics, [['canton_migrate_watch_alarm', 0, 'source']]);
});

test('source watch: a watch goes on while nothing changes, says when it looked, and returns the first change', async (t) => {
  const { stack, input } = await startParked(t);
  const known = await stack.act.readParkedSource(input);

  const watch = attempt(stack.activities, 'watchSource', { ...input, everySeconds: 5, known });
  await reached(() => watch.heartbeats.some((its) => 'lastLookedAt' in (its as object)));
  stack.sandbox.participants.source.crash();

  assert.equal((await watch.result).state, 'unreachable');
});

test('source watch: a watch ends when it is cancelled', async (t) => {
  const { stack, input } = await startParked(t);
  const known = await stack.act.readParkedSource(input);
  const watch = attempt(stack.activities, 'watchSource', { ...input, everySeconds: 3_600, known });
  await reached(() => watch.heartbeats.length > 1);

  watch.cancel();

  await assert.rejects(watch.result, { name: 'CancelledFailure' });
});

// The address of a source that was stopped may be given to a new node.
test('source watch: another participant at the address of the source is not taken for it', async (t) => {
  const { stack, input } = await startParked(t);

  const seen = await stack.act.readParkedSource({
    ...input,
    source: { ...input.source, name: 'target' },
  });

  assert.equal(seen.state, 'unreadable');
  assert.match(seen.reason!, /the node at .* is target::.*, expected source::/);
});

// Its failure has the gRPC code of a node that is gone.
test('source watch: a source whose port is spoken to in the wrong way is not taken for stopped', async (t) => {
  const { stack, input } = await startParked(t);
  const { admin, ledger } = stack.sandbox.addresses.source;
  const wrong = connectParticipant('source', {
    admin: { address: admin, tls: {} },
    ledger: { address: ledger },
  });
  t.after(() => wrong.close());
  stack.nodes.set('wrong', wrong);

  const seen = await stack.act.readParkedSource({
    ...input,
    source: { ...input.source, name: 'wrong' },
  });

  assert.equal(seen.state, 'unreadable');
  assert.match(seen.reason!, /does not speak TLS/);
});

test('source watch: a source that the worker does not know any more cannot be read', async (t) => {
  const { stack, input } = await startParked(t);

  const seen = await stack.act.readParkedSource({ ...input, source: { ...input.source, name: 'gone' } });

  assert.equal(seen.state, 'unreadable');
  assert.match(seen.reason!, /has no participant gone/);
});

/** What a finished live migration looks at, as if it had ended: the source still hosts the parties. */
async function startBesideTarget(t: Parameters<typeof startStack>[0]) {
  const stack = await startStack(t, PROMPT_LIVE);
  const { source } = stack.sandbox.participants;
  const { logicalId: synchronizerId } = stack.sandbox.synchronizers.source.info;
  const parties = source
    .parties('acme')
    .map(({ party }) => party)
    .filter((party) => party.startsWith('Alice'));
  assert.equal(parties.length, 1);
  const hosting = { target: stack.refs.target, synchronizerId, parties };
  return { stack, input: { source: stack.refs.source, expectedLedgerEnd: '0', hosting } };
}

test('source watch: a target that is disconnected does not tell whether the source hosts again', async (t) => {
  const { stack, input } = await startBesideTarget(t);
  await stack.act.isolateTarget({ target: stack.refs.target });

  const seen = await stack.act.readParkedSource(input);

  assert.equal(seen.state, 'unreadable');
  assert.match(
    seen.reason!,
    /^target is not connected to acme::.*cannot tell whether source hosts again/,
  );
});

test('source watch: where the target lags, what the source says of itself is an alarm', async (t) => {
  const { stack, input } = await startBesideTarget(t);
  const listPartyMappings = () => Promise.resolve([]);
  stack.nodes.set('target', pretended(stack.nodes.get('target')!, { topology: { listPartyMappings } }));

  const seen = await stack.act.readParkedSource(input);

  assert.equal(seen.state, 'alarm');
  assert.match(seen.reason!, /^source hosts Alice::\w+ again$/);
});
