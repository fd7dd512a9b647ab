import assert from 'node:assert/strict';
import test from 'node:test';

import { assertTravels, sizeAsJson } from '../../../activities/attempt/result-size.js';

const users = Array.from({ length: 60_000 }, (_, n) => `user-${n} with a name of 40 characters or so`);
const result = { hash: 'ab', plan: { parties: [], localState: { users } } };

test('result size: what Temporal does not take is refused at once, and its largest part is named', async () => {
  await assert.rejects(assertTravels('readPlan', result, sizeAsJson), {
    kind: 'refused',
    type: 'PayloadTooLarge',
    message:
      /^the result of readPlan has \d{7} bytes, most of them in plan\.localState\.users: expected at most 2097152/,
  });
});

test('result size: what fits once it is compressed travels', async () => {
  await assertTravels('readPlan', result, () => Promise.resolve(1_000_000));
  await assertTravels('readPlan', { users: users.slice(0, 10) }, () =>
    Promise.reject(new Error('measured')),
  );
  await assertTravels('ensureConnected', undefined, sizeAsJson);
});
