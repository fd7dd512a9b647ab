import assert from 'node:assert/strict';
import test from 'node:test';

import { compareNamespaces } from '../../../activities/namespace/known-namespaces.js';
import type { ParticipantReads } from '../../../model/participant-access.js';

test('namespaces: of 200,000 parties each with its own are compared', async () => {
  const node = { topology: { listDefinitions: async () => [] } } as unknown as ParticipantReads;
  const parties = Array.from({ length: 200_000 }, (_, at) => ({ party: `p::1220${at}` }));
  const nodes = { source: { name: 's', uid: 's::1220s' }, target: { name: 't', uid: 't::1220t' } };
  const input = { ...nodes, sourceSynchronizerId: 'a', synchronizerId: 'b', parties, delegated: [] };

  assert.deepEqual(await compareNamespaces({ source: node, reader: node }, input), {
    missing: [],
    differing: [],
  });
});
