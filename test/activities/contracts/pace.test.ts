import assert from 'node:assert/strict';
import test from 'node:test';

import { Pace } from '../../../activities/contracts/pace.js';
import { DEFAULT_TUNING, type Tuning } from '../../../model/steering.js';

/** Contracts that become available together. */
const SEGMENT = 500;

/** A participant: contracts per second, and what each call costs it before its first and after its last contract, seconds. */
interface Node {
  perSecond: number;
  before: number;
  after: number;
}

/** As measured. Source: admin-api 2.8. */
const WARM: Node = { perSecond: 1 / 0.000_39, before: 0.6, after: 0 };
/** The costliest place for the same: a node that waits for contracts looks as one that is busy. */
const SLOW_COMMIT: Node = { ...WARM, before: 0, after: 0.6 };

interface Called {
  contracts: number;
  seconds: number;
  /** What the node alone would have taken. */
  bareSeconds: number;
  /** From the last byte to the answer. */
  tailSeconds: number;
}

/** A copy by a clock that only work and waits move. */
class Copying {
  now = 0;
  readonly pace = new Pace(() => this.now);

  constructor(private left: number) {}

  call({ perSecond, before, after }: Node, tuning: Tuning = DEFAULT_TUNING): Called {
    const { pace } = this;
    const begin = this.now;
    const most = pace.sizeOf(tuning);
    let contracts = 0;
    let takenAt = begin + before;
    for (pace.begin(); contracts + SEGMENT <= most && this.left > 0; this.left -= SEGMENT) {
      this.now += pace.waitMs(SEGMENT, tuning) / 1000;
      pace.feed(SEGMENT);
      contracts += SEGMENT;
      takenAt = Math.max(takenAt, this.now) + SEGMENT / perSecond;
    }
    pace.lastByte();
    const tailSeconds = takenAt + after - this.now;
    this.now = takenAt + after;
    pace.learn({ isCut: false });
    const bareSeconds = before + contracts / perSecond + after;
    return { contracts, seconds: this.now - begin, bareSeconds, tailSeconds };
  }

  /** Call after call until nothing is left. */
  toTheEnd(node: Node): Called[] {
    const calls: Called[] = [];
    while (this.left > 0) calls.push(this.call(node));
    return calls;
  }
}

const sum = (calls: Called[], of: 'seconds' | 'bareSeconds') =>
  calls.reduce((total, call) => total + call[of], 0);

test('pace: a node that takes what was measured has 100,000 contracts after five calls, and never waits for one', () => {
  const calls = new Copying(100_000).toTheEnd(WARM);

  assert.deepEqual(
    calls.slice(0, 3).map(({ contracts }) => contracts),
    [5_000, 29_000, 29_000],
  );
  assert.equal(calls.length, 5);
  assert.ok(sum(calls, 'seconds') < 42.1, `${sum(calls, 'seconds')} s`);
});

test('pace: once two calls have shown the same, little more than a second of work is ahead of the node', () => {
  for (const node of [WARM, SLOW_COMMIT]) {
    const [, second, ...calls] = new Copying(200_000).toTheEnd(node);
    assert.ok(second!.tailSeconds < 3.2, `${second!.tailSeconds} s`);
    for (const { tailSeconds } of calls) assert.ok(tailSeconds < 1.3, `${tailSeconds} s`);
  }
});

test('pace: a node that was cold in its first call, or becomes faster later, does not wait for long', () => {
  for (const fast of [WARM, SLOW_COMMIT]) {
    const cold = { ...fast, perSecond: fast.perSecond / 4 };
    for (const coldCalls of [1, 3]) {
      const copying = new Copying(Infinity);
      for (let n = 0; n < coldCalls; n++) copying.call(cold);

      const calls = [1, 2, 3].map(() => copying.call(fast));
      const { seconds, bareSeconds } = copying.call(fast);

      const lost = sum(calls, 'seconds') - sum(calls, 'bareSeconds');
      assert.ok(lost < (coldCalls === 1 ? 3 : 15), `${lost} s after ${coldCalls} cold calls`);
      assert.ok(seconds < bareSeconds * 1.05, `${seconds} s of ${bareSeconds} s`);
    }
  }
});

test('pace: a first call that took a quarter longer than it should holds nothing up', () => {
  const copying = new Copying(100_000);
  const first = copying.call({ ...WARM, perSecond: WARM.perSecond * 0.8 });

  const calls = [first, ...copying.toTheEnd(WARM)];

  assert.equal(calls.length, 5);
  assert.ok(sum(calls, 'seconds') - sum(calls, 'bareSeconds') < 0.3, `${sum(calls, 'seconds')} s`);
});

test('pace: a node without costs of its own is not held up', () => {
  const calls = new Copying(1_000_000).toTheEnd({ perSecond: 20_000, before: 0.02, after: 0 });

  assert.ok(sum(calls, 'seconds') < sum(calls, 'bareSeconds') * 1.02, `${sum(calls, 'seconds')} s`);
  assert.ok(calls.length < 25, `${calls.length} calls`);
});

test('pace: a node that became slower gets less ahead from the second call on', () => {
  const copying = new Copying(Infinity);
  for (let n = 0; n < 3; n++) copying.call(WARM);
  const slow = { ...WARM, perSecond: WARM.perSecond / 3 };
  copying.call(slow);

  const { tailSeconds, seconds } = copying.call(slow);

  assert.ok(tailSeconds < 1.3, `${tailSeconds} s`);
  assert.ok(seconds < 12.5, `${seconds} s`);
});

test('pace: a limit holds within a call and from call to call', () => {
  const copying = new Copying(Infinity);
  const limited = { ...DEFAULT_TUNING, contractsPerSecond: 500 };
  let contracts = 0;
  for (let n = 0; n < 3; n++) {
    contracts += copying.call(WARM, limited).contracts;
    copying.now += copying.pace.restMs(limited) / 1000;
    assert.ok(contracts / copying.now <= 500.1, `${contracts} in ${copying.now} s`);
  }
});

test('pace: a call that was ended early says nothing against the node', () => {
  const copying = new Copying(Infinity);
  for (let n = 0; n < 2; n++) copying.call(WARM);
  const { pace } = copying;
  const before = pace.sizeOf(DEFAULT_TUNING);
  pace.begin();
  pace.feed(SEGMENT);
  copying.now += 5;
  pace.lastByte();
  copying.now += 1;
  pace.learn({ isCut: true });

  assert.equal(pace.sizeOf(DEFAULT_TUNING), before);
});
