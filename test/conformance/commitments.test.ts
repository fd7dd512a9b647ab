import assert from 'node:assert/strict';
import test from 'node:test';

import { decode, encode, methodTypes, type Message } from '../../sandbox/wire.js';
import { creation, submit } from '../support/ledger-traffic.js';
import { connectOperator } from '../support/operator.js';
import { normalize, recordedOutcome, type Outcome } from './outcome.js';
import { loadRecording, type RecordedCall } from './recording.js';
import { stage, TIMING, type Stage } from './stage.js';
import { until } from './states.js';

const FILE = 'commitments';
/** Whole seconds, as the recorded one: the times of an answer have no parts of a second then. */
const INTERVAL_MS = 1_000;
/** As many as are behind in the recording when the counterparty is away. */
const PERIODS_AWAY = 6;

/** The shared contract that the counterparty purges. */
const PURGED =
  '003c368e853cba1a22e238f2642156c3aa7f495280aaeb785b1dec5593fc798fedca1212203079e2eb6027775cb047a49774b0d36639db3e511ac4939ec203a277e593ab69';

/** What differs on purpose, by order. */
const DIFFERENCES: Record<number, string> = {
  13: 'the recorded old shared contracts with two more nodes of the lab, one of which disagreed from before',
  28: 'the recorded old shared contracts with two other nodes of the lab; here are a target and a further participant',
};

/** Of these only what was compared: they came right after a tick, to which `old` had committed and `other` not yet. */
const EARLY = [16, 17];

/** `old` and `other` share three contracts, by parties of their own; `new` is only there. */
async function shared(t: test.TestContext): Promise<Stage & { purged: string }> {
  const iou = { name: 'lab-iou', version: '1.0.0', isVetted: true } as const;
  const at = await stage(t, FILE, {
    timing: { ...TIMING, reconciliationMs: INTERVAL_MS },
    target: { name: 'pnew', isKmsBacked: false, synchronizers: ['source'], dars: [iou] },
    fresh: { name: 'pother', synchronizers: ['source'], dars: [iou] },
  });
  const { source, fresh } = at.sandbox.participants;
  const { port } = fresh!.participant.node;
  const owner = await port.allocateParty('GO', port.registered()[0]!);
  const payer = source.parties('A')[0]!.party;
  await until(
    async () =>
      source.participant.node.port
        .order(port.registered()[0]!.logicalId)!
        .hostsAt(owner, Date.now() * 1000),
    (hosts) => hosts.length > 0,
  );
  for (let n = 0; n < 3; n++) await submit(source, payer, creation(payer, owner, `shared ${n}`));
  const [purged] = await until(
    async () => fresh!.contracts(),
    (found) => found.length === 3,
  );
  return { ...at, purged: purged! };
}

/** Lets `old` see an event in each of so many periods, as the pings of the lab did. */
async function periods({ sandbox }: Stage, count: number): Promise<void> {
  const { admin, ledger } = sandbox.addresses.source;
  const old = connectOperator('old', { admin: { address: admin }, ledger: { address: ledger } });
  const { logicalId: synchronizerId } = sandbox.synchronizers.source.info;
  const participantUid = sandbox.participants.source.uid;
  const number = async () => Math.floor(Date.now() / INTERVAL_MS);
  try {
    for (let n = 0; n < count; n++) {
      const before = await number();
      await until(number, (now) => now > before);
      const answer = await old.health.ping({ participantUid, synchronizerId, timeoutMs: 5_000 });
      assert.ok('pingTimeMs' in answer);
    }
  } finally {
    old.close();
  }
}

/** The same request, for the time since then, in milliseconds. */
function recent(recorded: RecordedCall, since: number): RecordedCall {
  const { request: type } = methodTypes(recorded.rpc);
  const request = decode(type, Buffer.from(String(recorded.request), 'base64'));
  const [range] = (request['time_ranges'] ?? []) as Message[];
  if (!range) return recorded;
  const at = (ms: number) => ({
    seconds: String(Math.floor(ms / 1000)),
    nanos: (ms % 1000) * 1_000_000,
  });
  const now = Date.now();
  const interval = { from_exclusive: at(since), to_inclusive: at(now) };
  const bytes = encode(type, { ...request, time_ranges: [{ ...range, interval }] });
  return { ...recorded, request: bytes.toString('base64') };
}

/** How many periods there are, and when, depends on the minute; of each kind of period one is compared. */
function kindsOf(outcome: Outcome, order: number): unknown {
  const shown = JSON.parse(JSON.stringify(normalize(outcome)), (key, value: unknown) => {
    if (key === 'interval') return Object.keys(value as object).sort();
    if (key === 'seconds' || key === 'nanos') return '<time>';
    if (key === 'intervals_behind' && typeof value === 'string') return '<number>';
    if (/_commitment$/.test(key) && typeof value === 'string') return '<digest>';
    if ((key !== 'sent' && key !== 'received') || !Array.isArray(value)) return value;
    const rows = value as Message[];
    return rows[0] && 'state' in rows[0] ? distinct(rows, order) : rows;
  }) as unknown;
  return shown;
}

function distinct(all: Message[], order: number): unknown[] {
  const rows = EARLY.includes(order) ? all.filter((one) => 'received_commitment' in one) : all;
  return [...new Set(rows.map((one) => JSON.stringify(one)))]
    .sort()
    .map((one) => JSON.parse(one) as unknown);
}

/** Whether both commitments are shown and equal, for every period with both. */
function agreements(outcome: Outcome): string[] {
  const sides = outcome.responses.flatMap((one) => [one['sent'], one['received']].flat() as Message[]);
  const rows = sides.filter(Boolean).flatMap((one) => (one['sent'] ?? one['received']) as Message[]);
  const told = rows.flatMap(({ own_commitment: own, received_commitment: received, state }) =>
    Buffer.isBuffer(own) && Buffer.isBuffer(received) && received.length > 0
      ? `${String(state)} ${own.equals(received)}`
      : [],
  );
  return [...new Set(told)].sort();
}

/** Plays the calls of these orders once they answer as recorded. */
async function play(at: Stage, orders: readonly number[], since: number): Promise<void> {
  const calls = loadRecording(FILE).filter(({ order }) => orders.includes(order));
  assert.equal(calls.length, orders.length);
  for (const one of calls) {
    if (DIFFERENCES[one.order] !== undefined) continue;
    const expected = recordedOutcome(one);
    const outcome = await at.player.play(recent(one, since));
    assert.deepEqual(
      kindsOf(outcome, one.order),
      kindsOf(expected, one.order),
      `${FILE} ${one.order} ${one.label}`,
    );
    assert.deepEqual(agreements(outcome), agreements(expected), `${FILE} ${one.order}`);
  }
}

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);

test('commitments.jsonl: a counterparty that is away, comes back without a contract, and disagrees for ever', async (t) => {
  const at = await shared(t);
  const begun = Date.now();
  await periods(at, 4);
  await play(at, range(1, 7), begun);
  const left = Date.now();

  await periods(at, PERIODS_AWAY);
  await play(at, range(8, 13), begun);

  at.player.pair(PURGED, at.purged);
  await play(at, range(14, 15), begun);
  // The recorded calls came right after a tick: for the last period only `old` had sent.
  await periods(at, 2);
  await play(at, range(16, 32), left + INTERVAL_MS);
});
