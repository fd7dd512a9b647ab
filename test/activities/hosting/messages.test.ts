import assert from 'node:assert/strict';
import test from 'node:test';

import { asActivities } from '../../../activities/attempt/failures.js';
import { withRoom } from '../../../activities/hosting/messages.js';
import { CantonError } from '../../../canton/errors.js';
import type { ParticipantReads } from '../../../model/participant-access.js';
import { attempt } from '../../support/attempt.js';
import { failing } from '../../support/failing.js';

test('messages: a queue that stays full is waited for, until nothing was sent for minutes', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const full = 'TOPOLOGY_TOO_MANY_PENDING_TOPOLOGY_TRANSACTIONS';
  let tries = 0;
  const change = () => {
    tries += 1;
    return Promise.reject(
      new CantonError({
        ...{ participant: 'target', api: 'Admin API', address: '', credential: '', traceId: '' },
        method: 'TopologyManagerWriteService/AddTransactions',
        code: 'ABORTED',
        errorId: full,
        kind: 'transient',
        cause: 'full',
      }),
    );
  };
  const node = {
    name: 'target',
    health: { readStatus: () => Promise.resolve({ undispatchedTopologyTransactions: 0 }) },
  } as unknown as ParticipantReads;
  const { add } = asActivities({
    add: (synchronizerId: string) => withRoom(node, { synchronizerId }, change),
  });

  const { result } = attempt({ add }, 'add', 'acme', () => t.mock.timers.tick(301_000));

  await assert.rejects(result, failing('TopologyNotIdle', 'refused', 'target takes no topology'));
  assert.ok(tries >= 3, String(tries));
});
