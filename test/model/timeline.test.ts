import assert from 'node:assert/strict';
import test from 'node:test';

import { newTimeline, noteContracts, noteEvent, noteState, noteStep } from '../../model/timeline.js';

test('timeline: samples are thinned evenly: the first and the last stay, and a hundred thousand take no more room', () => {
  const timeline = newTimeline();

  for (let index = 0; index < 100_000; index++) noteContracts(timeline, index * 3, index * 1_000);

  const { samples } = timeline;
  assert.ok(samples.length <= 200);
  assert.deepEqual(samples[0], { at: 0, contracts: 0 });
  assert.deepEqual(samples.at(-1), { at: 99_999_000, contracts: 299_997 });
  const gaps = samples.slice(1).map(({ at }, index) => at - samples[index]!.at);
  assert.ok(Math.max(...gaps) < 3_000_000, `${Math.max(...gaps)} ms without a sample`);
  assert.deepEqual(
    samples,
    samples.toSorted((one, other) => one.at - other.at),
  );
});

test('timeline: while nothing is imported the line takes two samples', () => {
  const timeline = newTimeline();

  for (let index = 0; index < 50; index++) noteContracts(timeline, 7, index);

  assert.deepEqual(timeline.samples, [
    { at: 0, contracts: 7 },
    { at: 49, contracts: 7 },
  ]);
});

test('timeline: a state that stays is one span; of very many, short ones become part of others', () => {
  const timeline = newTimeline();
  noteState(timeline, { stage: 'plan', state: 'running' }, 0);
  noteState(timeline, { stage: 'plan', state: 'running' }, 1);
  assert.equal(timeline.spans.length, 1);

  noteState(timeline, { stage: 'verify', state: 'waiting-for-approval' }, 10);
  for (let index = 0; index < 5_000; index++) {
    const state = index % 2 === 0 ? 'stopped' : 'running';
    noteState(timeline, { stage: 'verify', state }, 1_000_000 + index * 10);
  }

  assert.ok(timeline.spans.length <= 200);
  assert.deepEqual(
    timeline.spans.slice(0, 2).map(({ from, stage }) => [from, stage]),
    [
      [0, 'plan'],
      [10, 'verify'],
    ],
  );
  for (const [at, { stage, state }] of timeline.spans.entries()) {
    const before = timeline.spans[at - 1];
    assert.ok(before?.stage !== stage || before.state !== state);
  }
});

test('timeline: of many events the first and the last are kept, and counted what is not; the same failure again is none', () => {
  const timeline = newTimeline();
  noteEvent(timeline, 'failed', 'NoRoom', 0);
  noteEvent(timeline, 'failed', 'NoRoom', 1);
  assert.equal(timeline.events.length, 1);

  for (let index = 0; index < 1_000; index++)
    noteEvent(timeline, 'paused', `x${index} `.repeat(200), index);

  assert.equal(timeline.events.length, 100);
  assert.equal(timeline.eventsLeftOut, 901);
  assert.equal(timeline.events[0]!.what, 'NoRoom');
  assert.match(timeline.events.at(-1)!.what, /^x999 /);
  assert.ok(JSON.stringify(timeline).length < 40_000);
});

test('timeline: a step that is taken again was begun the first time and done the last', () => {
  const timeline = newTimeline();
  noteStep(timeline, 'compare-nodes', 'begun', 1);
  noteStep(timeline, 'compare-nodes', 'done', 2);
  noteStep(timeline, 'compare-nodes', 'begun', 5);
  noteStep(timeline, 'compare-nodes', 'done', 9);

  assert.deepEqual(timeline.steps, [{ name: 'compare-nodes', begunAt: 1, doneAt: 9 }]);
});
