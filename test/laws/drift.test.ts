import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { changeOf } from '../drift/changes.js';
import { travel } from '../drift/journey.js';
import { boundaryOf } from '../drift/law.js';

/** Of the many that `npm run drift` goes: of each route and direction some, among them the moments that matter most. */
const JOURNEYS = [
  'cold/forward/transfer-active-contracts/target ImportAcs#1/target restarted',
  'cold/forward/cut-over/target GetLedgerEnd#1/contract purged on the target',
  'cold/forward/compare/target ExportAcs#1/contract purged on the target',
  'cold/forward/transfer-active-contracts/source SetResourceLimits#1/contract created on the source',
  'cold/abort/transfer-active-contracts/target PurgeContracts#1/target restarted',
  'cold/abort/compare/source ReconnectSynchronizer#1/user created on the target',
  'warm/forward/copy-ahead/source ExportAcs#1/contract archived on the source',
  'warm/forward/cut-over/source GetLedgerEnd#1/clock of the worker a minute slow',
  'return/forward/copy-ahead/source ExportAcs#1/contract created on the source',
  'live/forward/transfer-active-contracts/target ImportAcs#1/contract archived on the source',
  'live/forward/onboarding/target ReconnectSynchronizer#1/contract purged on the target',
  'live/forward/switch/source ExportAcs#1/contract created on the target',
  'live/abort/transfer-active-contracts/target PurgeContracts#1/contract created on the source',
  'live/abort/onboarding/source Authorize#1/target restarted',
];

/** What the law found when it was first run; each says what was wrong. */
const FOUND: Readonly<Record<string, string>> = {
  'cold/forward/serve/target ListPackages#1/target restored from its newest backup':
    'migrated with an empty target',
  'return/forward/verify/source ListIdentityProviderConfigs#1/target restored from its newest backup':
    'migrated with a target that is not connected',
  'warm/forward/copy-ahead/source ListPackages#1/host added on the source synchronizer':
    'the party is served by another host on the old synchronizer',
  'cold/forward/cut-over/target GetUpdates#1/host added on the source synchronizer':
    'the party is served by another host on the old synchronizer',
  'warm/forward/migrate-dars/target ListPackages#1/permission of the source lowered':
    'the target gets the permission of the plan',
  'live/forward/recreate-parties/target ModifySynchronizer#1/permission of the source lowered':
    'the target gets the permission of the plan',
  'live/forward/recreate-parties/source ListPartyToParticipant#1/proposal of another permission for the target':
    'what somebody else proposed is activated',
  'live/forward/transfer-active-contracts/source ListPackages#1/party allocated on the source':
    'nobody says that it stays behind',
  'cold/forward/compare/target GetResourceLimits#1/right revoked on the source':
    'the target keeps the right, and nobody says so',
  'cold/forward/migrate-local-state/target ListUserRights#1/user removed on the source':
    'the target keeps the user, and nobody says so',
  'warm/forward/transfer-active-contracts/source ListVettedPackages#1/target joins the other synchronizer':
    'it is not connected to it again',
  'cold/abort/transfer-active-contracts/source ListUsers#1/right granted on the target':
    'the abort takes the right of somebody else',
  'return/abort/transfer-active-contracts/source ListRegisteredSynchronizers#2/target joins the other synchronizer':
    'the abort does not end',
  'live/abort/transfer-active-contracts/source GetLedgerEnd#1/target restored from its newest backup':
    'the abort does not end',
  'cold/forward/transfer-active-contracts/source SetResourceLimits#1/contract unassigned':
    'the contract is only on the source, and nobody says so',
  'live/forward/isolation/target DisconnectSynchronizer#1/contract reassigned to another synchronizer':
    'the contract is only on the source, and nobody says so',
};

suite('drift', { concurrency: 3 }, () => {
  for (const key of JOURNEYS) test(`drift: ${key}`, () => go(key));
  for (const [key, reason] of Object.entries(FOUND))
    test(`drift: ${key}`, { todo: reason }, () => go(key));
});

async function go(key: string): Promise<void> {
  const { boundary, change } = boundaryOf(key);
  const { end, violations, failures } = await travel(boundary, changeOf(change));
  assert.deepEqual(violations, [], `${end} after ${failures.join(', ')}`);
  assert.ok(end !== 'not reached' && end !== 'not possible', `the change was ${end}`);
}
