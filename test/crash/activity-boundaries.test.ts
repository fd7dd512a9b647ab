import assert from 'node:assert/strict';
import test, { suite, type TestContext } from 'node:test';

import type { Activities } from '../../activities/index.js';
import { createActivities } from '../../activities/index.js';
import type { MigrationClient } from '../../client/index.js';
import type { MigrationReport } from '../../model/report.js';
import type { Sandbox, ScenarioChange } from '../../sandbox/index.js';
import { slowly, startCrashStack, THREE_SHARDS } from '../support/crash-stack.js';
import type { CrashPoint } from '../support/crash-worker.js';
import { isDeathPoint, isEveryBoundary, RARER } from '../support/boundaries.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import type { MigrationOptions } from '../../model/request.js';
import {
  COLD_GATES,
  LIVE_GATES,
  WARM_GATES,
  approveGates,
  atGate,
  assertMigrated,
  assertParked,
  assertSent,
  eventually,
  ledgersOf,
  persistently,
} from '../support/driving.js';
import { partiesOf } from '../support/live.js';
import { handInHostings } from '../support/hosting-signatures.js';
import { EVERY_KIND, KINDS_FOR_ANOTHER } from '../support/kinds.js';
import { handInAll } from '../support/offline-key.js';
import { LIVE_REQUEST } from '../support/stack.js';
import { startMortalWorkers } from '../support/workers.js';

/** Every activity of a migration that ends well, in its order. */
const FORWARD = [
  'readSearchAttributes',
  'readRequestedNodes',
  'readNothingLeft',
  'readPlan',
  'readDifferences',
  'ensureNamespaceDelegation',
  'loadNamespaceDelegation',
  'readNamespaceDelegation',
  'ensureNamespacesKnown',
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
  'readReassignments',
  'readConnections',
  'readUnchangedParties',
  'readUnchangedSigners',
  'readLatePackages',
  'copyActiveContracts',
  'readLocalState',
  'compareActiveContracts',
  'ensureSourceParked',
  'readFrozenTarget',
  'connectProvenTarget',
  'connectTarget',
  'pingSelf',
  'readServingState',
  'removeExport',
  'keepReport',
  'watchSource',
] as const satisfies (keyof Activities)[];

/** Only an abort runs these: `undo.test.ts`. */
const UNDO_ONLY = [
  'returnSource',
  'purgeImported',
  'withdrawUsers',
  'withdrawPartyAnnotations',
  'withdrawIdentityProviders',
  'readPackagesInUse',
  'withdrawVetting',
  'removeDar',
  'withdrawParties',
  'readReturnedSource',
  'readClearedTarget',
];

/** Of a warm copy. */
const WARM_ONLY = ['catchUp'] as const satisfies (keyof Activities)[];

/** Of a root key that is offline. */
const OFFLINE_ONLY = [
  'generateDelegation',
  'submitSignedDelegation',
] as const satisfies (keyof Activities)[];

/** Of a source that prunes by schedule. */
const PRUNED_ONLY = ['ensurePruningSchedule'] as const satisfies (keyof Activities)[];

/** Only where the limits of the nodes differ; it sets them and reads them back. */
const LIMITED_ONLY = ['ensureResourceLimits'];

/**
 * Only when an operator asks the source watch, or for a node of a closed migration: `source watch.test.ts`.
 */
const ASKED_ONLY = ['ensureParkedAgain', 'readParkedSource', 'ensureParked', 'readNodesToPark'];

/**
 * Only after a comparison that was not equal; of who has a node: `one-migration.test.ts`; of the run before:
 * `forged-start.test.ts`.
 */
const ELSEWHERE = [
  'awaitPartiesHosted',
  'repairDifferences',
  'readHolder',
  'watchHolder',
  'findTakenNodes',
  'readContinuation',
  // Of a report that is kept: `source-watch.test.ts`.
  'readKeptReport',
  // Of a run that was lost: `recover.test.ts`.
  'readLostRun',
  'readNodesLeft',
  // While a synchronizer is frozen: `upgrades.test.ts`.
  'awaitUpgrade',
  // While a live migration is stopped: `live-isolation.test.ts`.
  'watchIsolatedTarget',
  // Where traffic is controlled: `traffic.test.ts`.
  'awaitTraffic',
];

/** Of the live route, in its order. */
const LIVE = [
  'checkTarget',
  'ensureManualConnect',
  'ensureOnboardingProposed',
  'ensureConnected',
  'readKnownVetting',
  'readTargetUpgraded',
  'readLedgerEnd',
  'activateParties',
  'readActivations',
  'awaitCaughtUp',
  'clearOnboardingFlags',
  'awaitCommitments',
  'readCommonOffsets',
  'readSwitching',
  'switchClients',
  'awaitQuietSource',
  'removeSourceHosting',
  'readRemoval',
  'readHostedParties',
] as const satisfies (keyof Activities)[];

/** Of a target that is not on the synchronizer yet, with the root key offline. */
const JOINING_ONLY = [
  'generateHostings',
  'ensureJoined',
  'takeSignatures',
  'awaitHostingSignatures',
] as const satisfies (keyof Activities)[];

/**
 * An abort of the live route runs these, and of one the isolation as well: the laws of that route break each
 * of their calls.
 */
const LIVE_UNDO_ONLY = [
  'withdrawOnboarding',
  'findActivations',
  'readExposure',
  'purgeHosted',
  'leaveTarget',
];

/** Of participants of Canton 2.10, of which a node dies there: test/canton-2.10. */
const OF_210 = [
  'ensurePartiesHostedDisconnected',
  'withdrawPartiesDisconnected',
  'awaitHostingPublished',
  'readPublishedContracts',
];

test('activity boundaries: every activity is among those that a worker dies at', () => {
  const all = Object.keys(
    createActivities({ participants: new Map(), spool: { folder: '', key: SPOOL_KEY } }),
  );
  assert.deepEqual(
    [
      ...FORWARD,
      ...UNDO_ONLY,
      ...WARM_ONLY,
      ...OFFLINE_ONLY,
      ...PRUNED_ONLY,
      ...LIMITED_ONLY,
      ...ASKED_ONLY,
      ...ELSEWHERE,
      ...LIVE,
      ...JOINING_ONLY,
      ...LIVE_UNDO_ONLY,
      ...OF_210,
    ].sort(),
    all.sort(),
  );
});

/** Each dies at some of the activities: a worker takes longer to start than most of them to run. */
const MIGRATIONS = isEveryBoundary ? 5 : 1;
const LIVE_MIGRATIONS = isEveryBoundary ? 3 : 1;
/**
 * Dying before an activity is dying after the one before it, but that the server takes it for begun: of these
 * only, because each death takes seconds.
 */
const ALSO_BEFORE: readonly (keyof Activities)[] = [
  ...(isEveryBoundary ? (['readPlan', 'copyActiveContracts'] as const) : []),
  'connectProvenTarget',
  'activateParties',
  'removeSourceHosting',
];
/** CI takes the longest activity and what cannot be taken back; `npm run boundaries` takes all. */
const deathPointsOf = (activities: readonly (keyof Activities)[]) =>
  activities
    .filter(isDeathPoint)
    .filter((its) => isEveryBoundary || its === 'copyActiveContracts' || ALSO_BEFORE.includes(its));
/** What has a part in the signatures of others; CI has workers die at one of them. */
const KINDS: { route: string; activities: (keyof Activities)[]; isLive: boolean }[] = [
  {
    route: 'live',
    activities: isEveryBoundary
      ? [
          'generateHostings',
          'takeSignatures',
          'ensureOnboardingProposed',
          'awaitHostingSignatures',
          'activateParties',
          'removeSourceHosting',
        ]
      : ['takeSignatures'],
    isLive: true,
  },
  {
    route: 'new-synchronizer',
    activities: ['generateHostings', 'takeSignatures', 'ensureNamespacesKnown', 'ensurePartiesHosted'],
    isLive: false,
  },
];
const ONE_SYNCHRONIZER: ScenarioChange = { target: { synchronizers: ['source'] } };

// A worker is noticed as dead after 10 s without a heartbeat: migrations that wait for that share the time.
suite('activity boundaries', { concurrency: 6 }, () => {
  for (let first = 0; first < MIGRATIONS; first++) {
    const activities = deathPointsOf(FORWARD).filter((_, at) => at % MIGRATIONS === first);
    test(`activity boundaries: a migration whose workers die right after ${activities.join(', ')} ends equal`, async (t) => {
      await migrateDyingAt(t, activities);
    });
  }
  for (let first = 0; first < LIVE_MIGRATIONS; first++) {
    const activities = deathPointsOf(LIVE).filter((_, at) => at % LIVE_MIGRATIONS === first);
    test(
      `activity boundaries: a live migration whose workers die right after ${activities.join(', ')} ends equal`,
      RARER,
      async (t) => {
        await migrateDyingAt(t, activities, { scenario: ONE_SYNCHRONIZER, isLive: true });
      },
    );
  }
  test(
    `activity boundaries: a live migration of a target that joins, with an offline root key, whose workers die right after ${JOINING_ONLY.join(', ')} ends equal`,
    RARER,
    async (t) => {
      const scenario = { target: { synchronizers: [] }, parties: { local: 2 } };
      await migrateDyingAt(t, JOINING_ONLY, { scenario, isLive: true, isRootKeyOffline: true });
    },
  );
  for (const { route, activities, isLive } of KINDS) {
    test(
      `activity boundaries: ${route}, with parties of every kind, a migration whose workers die right after ${activities.join(', ')} ends equal`,
      RARER,
      async (t) => {
        const { parties, contracts } = isLive ? EVERY_KIND : KINDS_FOR_ANOTHER;
        const scenario = {
          ...(isLive && ONE_SYNCHRONIZER),
          ...{ parties, contracts: { ...contracts, count: 1_240 } },
        };
        await migrateDyingAt(t, activities, { scenario, isLive, isSignedOutside: true });
      },
    );
  }
  test(
    `activity boundaries: a warm migration whose workers die right after ${WARM_ONLY.join(', ')} ends equal`,
    RARER,
    async (t) => {
      await migrateDyingAt(t, WARM_ONLY, { options: { copy: 'warm' } });
    },
  );
  test(
    `activity boundaries: with an offline root key, workers that die right after ${OFFLINE_ONLY.join(', ')} change nothing of the end`,
    RARER,
    async (t) => {
      await migrateDyingAt(t, OFFLINE_ONLY, { isRootKeyOffline: true });
    },
  );
  test(
    `activity boundaries: from a source that prunes, workers that die right after ${PRUNED_ONLY.join(', ')} change nothing of the end`,
    RARER,
    async (t) => {
      await migrateDyingAt(t, PRUNED_ONLY, { scenario: { localState: { pruningCron: '0 0 * * * ?' } } });
    },
  );
});

/** How a migration differs from the others here. */
interface Unusual {
  options?: MigrationOptions;
  isRootKeyOffline?: boolean;
  /** Whether keys outside of the nodes sign. */
  isSignedOutside?: boolean;
  isLive?: boolean;
  scenario?: ScenarioChange;
}

async function migrateDyingAt(
  t: TestContext,
  activities: readonly (keyof Activities)[],
  unusual: Unusual = {},
): Promise<void> {
  const { options = {}, isRootKeyOffline = false, isLive = false, scenario = {} } = unusual;
  const stack = await startCrashStack(t, { scenario: { ...THREE_SHARDS, ...scenario } });
  const rootKey = isRootKeyOffline ? stack.sandbox.participants.source.takeRootKey() : undefined;
  const crashes = activities.flatMap((activity): CrashPoint[] => [
    ...(ALSO_BEFORE.includes(activity) ? [{ when: 'before' as const, activity }] : []),
    { when: 'after', activity },
  ]);
  const { taskQueue, sandbox, client } = stack;
  const workers = await startMortalWorkers(t, { taskQueue, addresses: sandbox.addresses, crashes });

  const report = await Promise.race([workers.broken, migrate()]);

  await eventually('all deaths', async () => (workers.deaths() === crashes.length ? true : undefined));
  assert.deepEqual(workers.remaining(), []);
  if (isLive) assertLive(report, sandbox, stack.contracts);
  else {
    assertMigrated(report, ledgersOf(sandbox), stack.contracts);
    assertParked(sandbox);
  }
  // At a boundary a shard was sent whole or not at all.
  assertSent(sandbox.calls.list(), 3, 0);

  async function migrate() {
    const base = isLive ? LIVE_REQUEST : stack.request;
    const request = { ...base, options: { ...base.options, ...options } };
    const id = await client.start(request);
    await slowly(stack.temporal, id);
    if (rootKey !== undefined) await sign(client, id, (its) => handInAll(its, id, rootKey));
    if (unusual.isSignedOutside) await sign(client, id, (its) => handInHostings(its, id, sandbox));
    const cold = isLive ? LIVE_GATES : COLD_GATES;
    await approveGates(client, id, options.copy === 'warm' ? WARM_GATES : cold);
    return client.result(id);
  }
}

/** Both nodes still serve, the target what moved. */
function assertLive(report: MigrationReport, sandbox: Sandbox, contracts: readonly string[]): void {
  const { source, target } = sandbox.participants;
  assert.equal(report.verification.isEqual, true);
  assert.deepEqual(target.contracts().sort(), [...contracts].sort());
  assert.deepEqual([...source.damage(), ...target.damage()], []);
  assert.deepEqual([source.connected(), target.connected()], [['acme'], ['acme']]);
  for (const party of partiesOf(report)) {
    const hosts = source.hosts(party, 'acme');
    assert.ok(hosts.includes(target.uid) && !hosts.includes(source.uid), `${party}: ${hosts.join()}`);
  }
}

async function sign(
  client: MigrationClient,
  id: string,
  handIn: (client: MigrationClient) => Promise<void>,
): Promise<void> {
  await atGate(client, id, 'root-key');
  await persistently(() => handIn(client));
}
