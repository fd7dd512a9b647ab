import assert from 'node:assert/strict';
import test from 'node:test';

import { migrationUrl, startFormUrl } from '../../client/ui.js';

const ID = 'migrate-participant/old::1220ab';

test('links into the UI: a slash at the end of its address, and signs in ids, change nothing', () => {
  assert.equal(
    migrationUrl('https://ui.example/', 'my namespace', ID),
    'https://ui.example/namespaces/my%20namespace/workflows/migrate-participant%2Fold%3A%3A1220ab',
  );
  assert.equal(
    startFormUrl('https://ui.example', {
      namespace: 'default',
      taskQueue: 'queue one',
      workflowId: ID,
    }),
    'https://ui.example/namespaces/default/workflows/start-workflow' +
      '?workflowId=migrate-participant%2Fold%3A%3A1220ab&taskQueue=queue%20one&workflowType=migrateParticipant',
  );
});
