import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { test } from 'node:test';

import { DEFAULT_APPROVAL } from '../../model/plan.js';
import { runWorker } from '../../worker/index.js';

test('worker: a taken metrics port is named with its setting, before anything is connected', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(() => taken.close());
  const metricsAddress = `127.0.0.1:${(taken.address() as AddressInfo).port}`;

  const running = runWorker({
    participants: [],
    spool: { folder: tmpdir(), key: Buffer.alloc(32) },
    lists: '/nowhere',
    approval: DEFAULT_APPROVAL,
    taskQueue: 'test',
    maxConcurrentActivities: 1,
    maxCachedWorkflows: 1,
    metricsAddress,
    logLevel: 'error',
    warnings: [],
  });

  await assert.rejects(running, {
    name: 'ConfigurationError',
    message: `metrics.address: found ${metricsAddress}, where another program listens, expected a free port`,
  });
});
