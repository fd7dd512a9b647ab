import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { changeOf } from '../drift/changes.js';
import { travel } from '../drift/journey.js';
import { boundaryOf } from '../drift/law.js';
import { RARER } from '../support/boundaries.js';

/** Of the many that `npm run drift` goes: of each route and direction some, among them the moments that matter most. */
const JOURNEYS = [
  'cold/forward/copy-contracts/target ImportAcs#1/target restarted',
  'cold/forward/park-source/target GetLedgerEnd#1/contract purged on the target',
  'cold/forward/compare-nodes/target ExportAcs#1/contract purged on the target',
  'cold/forward/freeze-source/source SetResourceLimits#1/contract created on the source',
  'cold/abort/copy-contracts/target PurgeContracts#1/target restarted',
  'cold/abort/compare-nodes/source ReconnectSynchronizer#1/user created on the target',
  'warm/forward/copy-ahead/source ExportAcs#1/contract archived on the source',
  'warm/forward/park-source/source GetLedgerEnd#1/clock of the worker a minute slow',
  'return/forward/copy-ahead/source ExportAcs#1/contract created on the source',
  'live/forward/copy-contracts/target ImportAcs#1/contract archived on the source',
  'live/forward/connect-target/target ReconnectSynchronizer#1/contract purged on the target',
  'live/forward/move-clients/source ExportAcs#1/contract created on the target',
  'live/abort/copy-contracts/target PurgeContracts#1/contract created on the source',
  'live/abort/compare-while-both-serve/source Authorize#1/target restarted',
  // What the law found when it was first run.
  'cold/forward/vet-packages/target ListPackages#1/target restored from its newest backup',
  'warm/forward/copy-ahead/source ListPackages#1/host added on the source synchronizer',
  'warm/forward/upload-dars/target ListPackages#1/permission of the source lowered',
  'live/forward/propose-parties/target ModifySynchronizer#1/permission of the source lowered',
  'live/forward/propose-parties/source ListPartyToParticipant#1/proposal of another permission for the target',
  'cold/forward/compare-nodes/target GetResourceLimits#1/right revoked on the source',
  'cold/forward/copy-local-state/target ListUserRights#1/user removed on the source',
  'warm/forward/freeze-source/source ListVettedPackages#1/target joins the other synchronizer',
  'cold/forward/freeze-source/source SetResourceLimits#1/contract unassigned',
  'live/forward/isolate-target/target DisconnectSynchronizer#1/contract reassigned to another synchronizer',
  'cold/abort/copy-contracts/source ListRegisteredSynchronizers#1/target joins the other synchronizer',
  'return/abort/copy-contracts/source ListRegisteredSynchronizers#2/target joins the other synchronizer',
  'return/forward/complete-local-state/source ListIdentityProviderConfigs#1/target restored from its newest backup',
  'live/abort/copy-contracts/source GetLedgerEnd#1/target restored from its newest backup',
  'live/forward/activate-target/source ListPackages#1/party allocated on the source',
  'live/abort/move-clients/target Authorize#1/target restored from its newest backup',
  'cold/forward/park-source/target GetLedgerEnd#1/source joins the other synchronizer',
  'return/forward/freeze-source/source ListDars#1/right revoked on the source',
  'live/forward/remove-source/target GetUpdates#1/DAR uploaded and vetted on the source',
  'return/abort/park-source/source ListPartyToParticipant#1/target connected by hand',
];

suite('drift', { concurrency: 3, ...RARER }, () => {
  for (const [at, key] of JOURNEYS.entries())
    test(`drift: ${key}`, at % 6 === 0 ? {} : RARER, () => go(key));
});

async function go(key: string): Promise<void> {
  const { boundary, change } = boundaryOf(key);
  const { end, violations, failures } = await travel(boundary, changeOf(change));
  assert.deepEqual(violations, [], `${end} after ${failures.join(', ')}`);
  assert.ok(end !== 'not reached' && end !== 'not possible', `the change was ${end}`);
}
