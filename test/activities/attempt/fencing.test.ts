import assert from 'node:assert/strict';
import test from 'node:test';

import type { CopyCheckpoint } from '../../../model/acs.js';
import { copying, frozen, importsOf } from '../../support/frozen-copy.js';
import { SMALL } from '../../support/stack.js';

const CALLS_OF_500 = { targetSeconds: 0.001, contractsPerSecond: 500_000, isPaused: false };
const tuning = () => CALLS_OF_500;
/** Three import calls at {@link CALLS_OF_500}. */
const THREE_CALLS = { ...SMALL, contracts: { count: 1_250 } };

const named = (name: string) => Object.assign(new Error(name), { name });

test('fencing: while Temporal does not answer, nothing is imported, and everything once it does', async (t) => {
  const migrating = await frozen(t, THREE_CALLS);
  const sentAtRefusal: number[] = [];
  let proofs = 0;

  const { checkpoint } = await copying(migrating, {
    tuning,
    heartbeat: async () => {
      proofs += 1;
      if (proofs === 1 || proofs > 3) return;
      sentAtRefusal.push(importsOf(migrating).length);
      throw named('ServiceError');
    },
  });

  assert.deepEqual(sentAtRefusal, [1, 1]);
  assert.equal(checkpoint.contractCount, 1_250);
});

test('fencing: each proof carries how far the copy is, so that another attempt goes on there', async (t) => {
  const migrating = await frozen(t, THREE_CALLS);
  const recorded: CopyCheckpoint[] = [];
  await assert.rejects(
    copying(migrating, {
      tuning,
      heartbeat: async ({ checkpoint }) => {
        recorded.push(checkpoint);
        if (recorded.length > 2) throw named('ActivityNotFoundError');
      },
    }),
  );
  assert.deepEqual(
    recorded.map(({ contractCount }) => contractCount),
    [0, 500, 1_000],
  );

  const heartbeatDetails = { checkpoint: recorded[1] };
  const { checkpoint } = await copying(migrating, { tuning, attempt: 2, heartbeatDetails });

  assert.equal(checkpoint.contractCount, 1_250);
  // The target itself told of the call after the one that was recorded.
  assert.deepEqual(importsOf(migrating), [0, 500, 1_000]);
  const { source, target } = migrating.sandbox.participants;
  assert.deepEqual(target.contracts().sort(), source.contracts().sort());
});
