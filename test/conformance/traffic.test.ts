import assert from 'node:assert/strict';
import test from 'node:test';

import type { ScenarioChange } from '../../sandbox/index.js';
import type { TrafficControl } from '../../sandbox/traffic.js';
import { decode, encode, methodTypes, type Message } from '../../sandbox/wire.js';
import { normalize, recordedOutcome, type Outcome } from './outcome.js';
import { loadRecording, type RecordedCall } from './recording.js';
import { playAll, stage, type Stage } from './stage.js';
import { until } from './states.js';

const FILE = 'traffic-control';
const PARAMETERS = { readVsWrite: 200, baseEventCost: 500 };
const WIDE: TrafficControl = { maxBaseAmount: 50_000_000, accumulationMs: 1000, ...PARAMETERS };
const NARROW: TrafficControl = { maxBaseAmount: 6000, accumulationMs: 600_000, ...PARAMETERS };

const callOf = (order: number): RecordedCall =>
  loadRecording(FILE).find((call) => call.order === order)!;

/** The same call with another request. */
function changed(call: RecordedCall, change: (request: Message) => void): RecordedCall {
  const { request: type } = methodTypes(call.rpc);
  const request: Message = decode(type, Buffer.from(String(call.request), 'base64'));
  change(request);
  return { ...call, request: encode(type, request).toString('base64') };
}

/** The party whose creation was not recorded. */
function allocate({ player }: Stage): Promise<Outcome> {
  const call = changed(callOf(28), (request) => (request['party_id_hint'] = 'T779'));
  return player.play({ ...call, status: 'OK' });
}

/** The hundred proposals of `new`, which were not recorded: what `other` signs next. */
async function propose({ player }: Stage): Promise<void> {
  const type = methodTypes(callOf(14).rpc).request;
  const { transactions } = decode(type, Buffer.from(String(callOf(14).request), 'base64')) as {
    transactions: { transaction: Buffer; signatures: { signature: Buffer }[] }[];
  };
  for (const one of transactions) {
    const { mapping } = decode(
      'com.digitalasset.canton.protocol.v30.TopologyTransaction',
      inner(one),
    ) as {
      mapping: Message;
    };
    const call = changed(callOf(27), (request) => {
      (request['proposal'] as Message)['mapping'] = mapping;
      request['must_fully_authorize'] = false;
    });
    const answer = (await player.play(call)).responses[0]?.['transaction'] as typeof one;
    player.pair(one.transaction, answer.transaction);
    player.pair(one.signatures[0]!.signature, answer.signatures[0]!.signature);
  }
}

/** Without its version frame. */
function inner({ transaction }: { transaction: Buffer }): Buffer {
  const framed = 'com.digitalasset.canton.version.v1.UntypedVersionedMessage';
  return decode(framed, transaction).data!;
}

/** What the last event cost, as the answer says. */
function lastCost({ responses }: Outcome): number {
  return Number((responses[0]!['traffic_state'] as Message)['last_consumed_cost']);
}

const LAB: ScenarioChange = {
  target: {
    name: 'pnew',
    synchronizers: ['source', 'target'],
    isKmsBacked: true,
    dars: [{ name: 'lab-iou', version: '1.0.0', isVetted: true }],
  },
  fresh: {
    name: 'pother',
    synchronizers: ['target'],
    dars: [{ name: 'lab-iou', version: '1.0.0', isVetted: true }],
  },
  synchronizers: {
    source: { alias: 'A', name: 'syncA', url: 'http://127.0.0.1:5101', protocolVersion: 35, serial: 1 },
    target: { alias: 'B', name: 'syncB', url: 'http://127.0.0.1:5201', protocolVersion: 35 },
  },
};

test('traffic-control.jsonl: costs, exhaustion and a purchase answer as recorded', async (t) => {
  const at = await stage(t, FILE, LAB);
  const { traffic, owner } = at.sandbox.synchronizers.target;
  const { target } = at.sandbox.participants;
  await allocate(at);
  const costs: number[] = [];
  const note = async (order: number) => costs.push(lastCost(await at.player.play(callOf(order))));
  let ping: Outcome | undefined;
  await playAll(FILE, at, {
    only: ({ node, order }) => !node.startsWith('seq') && order !== 30,
    before: {
      4: () => Promise.resolve(owner.controlTraffic(WIDE)),
      7: () => note(6),
      9: () => note(8),
      11: () => note(10),
      13: async () => {
        await note(12);
        await propose(at);
      },
      18: () => note(17),
      21: async () => {
        await note(19);
        owner.controlTraffic(NARROW);
      },
      31: async () => {
        const soon = changed(
          callOf(30),
          (request) => (request['timeout'] = { seconds: '0', nanos: 1e8 }),
        );
        ping = await at.player.play(soon);
      },
      36: () => Promise.resolve(traffic.purchase(target.uid, 1_000_000)),
    },
    statusOnly: { 36: 'what waits is sent at any moment after the purchase: compared below' },
    differences: {
      4: 'its serial counts what the lab changed before',
      15: 'the node had sent a request for the time, which the sandbox has none of',
      24: 'the trace id inside the text is that of the sequencer: compared below',
      28: 'the text is that of the client',
      32: 'how far each one has come in the queues is a matter of time: counted below',
    },
  });
  const bought = await at.player.play(callOf(36));
  const state = bought.responses[0]!['traffic_state'] as Record<string, unknown>;
  assert.deepEqual([state['extra_traffic_purchased'], state['serial']], ['1000000', 1]);
  const { reason } = ping!.responses[0]!['failure'] as { reason: string };
  assert.match(reason, /^Failed ping id=.*Status\(10,SEQUENCER_REQUEST_FAILED\(2,/);
  assertRoughly(
    costs,
    [6, 8, 10, 12, 17, 19].map((order) => lastCost(recordedOutcome(callOf(order)))),
  );
});

/** What a thing costs depends on the keys and on how many members there are. */
function assertRoughly(found: number[], recorded: number[]): void {
  found.forEach((cost, at) => {
    const expected = recorded[at]!;
    assert.ok(Math.abs(cost / expected - 1) < 0.15, `${cost}, expected about ${expected}`);
  });
}

test('traffic-control.jsonl 24 and 32: a command is refused, and what waits is counted', async (t) => {
  const at = await stage(t, FILE, LAB);
  await allocate(at);
  at.sandbox.synchronizers.target.owner.controlTraffic({ ...NARROW, maxBaseAmount: 1200 });

  const refused = await at.player.play(callOf(24));
  await at.player.play(callOf(27));
  await at.player.play(callOf(28));
  await at.player.play(callOf(29));
  const waiting = await until(
    () => at.player.play(callOf(32)),
    (answer) => queues(answer)['dispatcher'] === 2,
  );

  assert.deepEqual(comparable(refused), comparable(recordedOutcome(callOf(24))));
  assert.deepEqual(queues(waiting), queues(recordedOutcome(callOf(32))));
});

function queues({ responses }: Outcome): Record<string, number> {
  const { common_status } = responses[0]!['status'] as { common_status: Message };
  const { manager, dispatcher, clients } = common_status['topology_queues'] as Record<string, number>;
  return Object.fromEntries(
    Object.entries({ manager, dispatcher, clients }).filter(([, count]) => (count ?? 0) > 0),
  ) as Record<string, number>;
}

/** Without numbers, short trace ids and the name of the sequencer. */
function comparable(outcome: Outcome): string {
  return JSON.stringify(normalize(outcome))
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/,[0-9a-f]{8}\)/g, ',<short>)')
    .replace(/= \d+/g, '= <number>')
    .replace(/sequencer=>[\w-]+/g, 'sequencer=><name>')
    .replace(/#\d+/g, '');
}
