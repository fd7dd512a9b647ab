import assert from 'node:assert/strict';
import test, { suite } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';

import type { Activities } from '../../activities/index.js';
import { AbortedError } from '../../client/errors.js';
import { isDeathPoint, isEveryBoundary } from '../support/boundaries.js';
import { COLD_GATES, WARM_GATES } from '../support/driving.js';
import { snapshotOf } from '../support/snapshot.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack } from '../support/temporal.js';

/** Every activity before the point of no return, in its order. */
const COLD = [
  'ensureNamespaceDelegation',
  'loadNamespaceDelegation',
  'readNamespaceDelegation',
  'ensurePartiesHosted',
  'findMissingPackages',
  'ensureDar',
  'ensureVetting',
  'findMissingLocalState',
  'ensureIdentityProviders',
  'ensureUsers',
  'ensurePartyAnnotations',
  'isolateTarget',
  'quiesceSource',
  'readUnchangedParties',
  'readUnchangedSigners',
  'copyActiveContracts',
  'readLocalState',
  'compareActiveContracts',
  'ensureSourceParked',
  'readFrozenTarget',
] as const satisfies (keyof Activities)[];

const WARM = ['readLatePackages', 'catchUp'] as const satisfies (keyof Activities)[];

/** Before the activity, when its work is done, and when it has failed. */
const WHEN = ['before', 'after', 'failed'] as const;

type Run = (input: unknown) => Promise<unknown>;

const CASES = [
  ...COLD.map((activity) => ({ activity, copy: 'cold' as const, gates: COLD_GATES })),
  ...WARM.map((activity) => ({ activity, copy: 'warm' as const, gates: WARM_GATES })),
]
  .filter(({ activity }) => isDeathPoint(activity))
  // Each takes a migration: CI aborts at the one that takes longest, `npm run boundaries` at all.
  .filter(
    ({ activity, copy }) => isEveryBoundary || (activity === 'copyActiveContracts' && copy === 'cold'),
  );

suite('abort', { concurrency: 4 }, () => {
  for (const { activity, copy, gates } of CASES) {
    // Behind it there is most to take back; a migration for each takes long.
    for (const when of WHEN.filter((its) => isEveryBoundary || its === 'after')) {
      test(`abort: ${when} ${activity}, ${copy}: taken back, read back, and told`, async (t) => {
        let id = '';
        const stack = await startMigrationStack(t, {
          change: (activities) => {
            const run = (input: unknown) => (activities[activity] as Run)(input);
            const abort = () => stack.client.abort(id, { by: 'test' });
            const isOurs = once();
            const aborting = async (input: unknown) => {
              if (!isOurs()) return run(input);
              if (when === 'before') await abort();
              const result = await run(input);
              if (when === 'failed') throw refusal();
              if (when === 'after') await abort();
              return result;
            };
            return { [activity]: aborting };
          },
        });
        const before = await stateOf(stack);

        id = await stack.client.start({ ...REQUEST, options: { ...REQUEST.options, copy } });
        const result = stack.client.result(id);
        result.catch(() => undefined);
        const approving = approve();
        if (when === 'failed') {
          await stack.until(id, ({ state }) => state === 'stopped');
          await stack.client.abort(id, { by: 'test' });
        }

        await assert.rejects(result, (error) => {
          assert.ok(error instanceof AbortedError, String(error));
          const { stays, checked, firstFailure } = error.withdrawal!;
          assert.match(stays[0]!.what, /the delegation of/);
          assert.equal(checked.length, 4);
          assert.equal(firstFailure?.type, when === 'failed' ? 'Deliberate' : undefined);
          return true;
        });
        await approving;
        assert.deepEqual(await stateOf(stack), before);

        /** As far as the migration gets. */
        async function approve(): Promise<void> {
          for (const gate of gates) {
            const { state } = await stack.until(
              id,
              (status) => status.gate?.name === gate || isOver(status.state),
            );
            if (isOver(state)) return;
            await stack.approve(id, gate);
          }
        }
      });
    }
  }
});

/** Everything but the delegation, which stays. */
async function stateOf({ sandbox, participants }: Awaited<ReturnType<typeof startMigrationStack>>) {
  const byName = new Map(Object.entries(participants));
  const { source, target } = await snapshotOf({ sandbox, participants: byName });
  return { source: { ...source, delegations: [] }, target: { ...target, delegations: [] } };
}

function isOver(state: string): boolean {
  return state === 'stopped' || state === 'aborting' || state === 'aborted';
}

function refusal(): Error {
  return ApplicationFailure.create({
    type: 'Deliberate',
    message: 'on demand',
    nonRetryable: true,
    details: [{ kind: 'refused' }],
  });
}

function once(): () => boolean {
  let isFirst = true;
  return () => {
    const was = isFirst;
    isFirst = false;
    return was;
  };
}
