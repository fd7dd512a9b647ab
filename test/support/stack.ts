import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Client } from '@temporalio/client';
import { DefaultLogger } from '@temporalio/worker';

import { createActivities, type Activities } from '../../activities/index.js';
import type { Participant, ParticipantAccess } from '../../model/participant-access.js';
import { connectParticipant } from '../../canton/index.js';
import type { NodeRef } from '../../model/participant.js';
import type { HashedPlan } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { PLAN_QUERY, type TransferProgress, type TransferTuning } from '../../model/steering.js';
import { callingAs, environmentOf } from './calling.js';
import { operatorOf } from './operator.js';
import { SPOOL_KEY } from './spool-key.js';
import { scanFolder } from './secret-scan.js';
import {
  QUICK_TIMING,
  startSandbox,
  type CallFilter,
  type CallRecord,
  type Sandbox,
  type ScenarioChange,
} from '../../sandbox/index.js';
import { openLists, openReports } from '../../storage/open.js';

/** A small ledger, and the quick timing of the sandbox: what most tests need. */
export const SMALL: ScenarioChange = { timing: QUICK_TIMING, contracts: { count: 60 } };

/** A request for the sandbox's built-in pair. */
export const REQUEST: MigrationRequest = {
  source: 'source',
  target: 'target',
  sourceSynchronizer: 'acme',
  targetSynchronizer: 'da',
  options: { quietSeconds: 1 },
};

/** The same with source and target on one synchronizer. */
export const LIVE: ScenarioChange = { ...SMALL, target: { synchronizers: ['source'] } };

/** A little of everything that the route `new-synchronizer` moves. */
export const EVERYTHING: ScenarioChange = {
  ...SMALL,
  contracts: { count: 8 },
  parties: { local: 2 },
  localState: { users: 2, pruningCron: '0 0 20 ? * SAT' },
};

/** Few parties and contracts on one synchronizer with two nodes: a migration of these is soon over. */
export const TINY_LIVE: ScenarioChange = {
  timing: QUICK_TIMING,
  contracts: { count: 12 },
  parties: { local: 3, multiHosted: 0, external: 0, decentralized: 0, foreign: 1 },
  target: { synchronizers: ['source'] },
};

/** A request for one of these pairs. */
export const LIVE_REQUEST: MigrationRequest = {
  ...REQUEST,
  targetSynchronizer: 'acme',
  route: 'live',
};

/** Import calls of 500 contracts, the fewest there are, and next to no pause between them. */
const CALLS_OF_500: TransferTuning = {
  targetSeconds: 0.001,
  contractsPerSecond: 500_000,
  isPaused: false,
};

export interface Stack {
  sandbox: Sandbox;
  /** Run as Temporal would run them, without a server. */
  act: Activities;
  /** The same ones, to be run in an environment of the test's own. */
  activities: Activities;
  /** What the activities reach the nodes by. */
  nodes: Map<string, ParticipantAccess>;
  /** Another operator's access to the nodes. */
  participants: ReadonlyMap<string, Participant>;
  /** The nodes as the activities take them. */
  refs: { source: NodeRef; target: NodeRef };
  /** Where exports are kept. */
  spoolFolder: string;
  /** Heartbeats of the activities so far, newest last. */
  heartbeats: unknown[];
  /** What the migration answers to the transfer. */
  tuning: TransferTuning;
  /** What the transfer told the migration, newest last. */
  reports: TransferProgress[];
  plan: (request?: MigrationRequest) => Promise<HashedPlan>;
}

/**
 * A sandbox and the real activities against it over loopback gRPC; all of it ends with the test.
 *
 * Nothing is tried again as Temporal would, so a node that was restarted answers at once.
 */
export async function startStack(
  t: Pick<TestContext, 'after'>,
  scenario: ScenarioChange = SMALL,
): Promise<Stack> {
  const timing = { ...scenario.timing, storesMs: 0 };
  const sandbox = await startSandbox({ scenario: { ...scenario, timing } });
  const spoolFolder = mkdtempSync(join(tmpdir(), 'canton-migrate-spool-'));
  const { source, target, fresh } = sandbox.addresses;
  const channels = (its: typeof source) => ({
    admin: { address: its.admin },
    ledger: { address: its.ledger },
  });
  const accesses = [
    connectParticipant('source', channels(source)),
    connectParticipant('target', channels(target)),
    ...(fresh ? [connectParticipant('fresh', channels(fresh))] : []),
  ];
  const nodes = new Map<string, ParticipantAccess>(accesses.map((its) => [its.name, its]));
  const participants = new Map(accesses.map((its) => [its.name, operatorOf(its)]));
  t.after(async () => {
    for (const access of accesses) access.close();
    await sandbox.close();
    scanFolder(spoolFolder);
    rmSync(spoolFolder, { recursive: true, force: true });
  });
  const heartbeats: unknown[] = [];
  const tuning = { ...CALLS_OF_500 };
  const reports: TransferProgress[] = [];
  const activities = createActivities({
    participants: nodes,
    spool: { folder: spoolFolder, key: SPOOL_KEY },
    lists: openLists(join(spoolFolder, 'lists'), []),
    reports: { store: openReports(join(spoolFolder, 'lists'), []) },
  });
  const act = inEnvironment(activities, heartbeats, temporalOf(tuning, reports));
  const plan = (request = REQUEST) => act.readPlan(request);
  const { source: one, target: other } = sandbox.participants;
  const refs = {
    source: { name: 'source', uid: one.uid },
    target: { name: 'target', uid: other.uid },
  };
  return {
    sandbox,
    act,
    activities,
    nodes,
    participants,
    refs,
    spoolFolder,
    heartbeats,
    tuning,
    reports,
    plan,
  };
}

/** Runs `work` and returns the calls that reached the participants meanwhile. */
export async function callsOf(
  { sandbox }: Pick<Stack, 'sandbox'>,
  work: () => Promise<unknown>,
  filter: CallFilter = {},
): Promise<CallRecord[]> {
  const after = sandbox.calls.last;
  await work();
  return sandbox.calls.list({ ...filter, after });
}

/** The Temporal that an activity without a server asks and tells. */
export function temporalOf(
  tuning = CALLS_OF_500,
  reports: TransferProgress[] = [],
  planned?: HashedPlan,
): Client {
  const handle = {
    query: async (name: string) => (name === PLAN_QUERY ? planned : tuning),
    signal: async (_name: string, progress: TransferProgress) => void reports.push(progress),
  };
  return {
    activity: { heartbeat: async () => undefined },
    workflow: { getHandle: () => handle },
    withDeadline: (_deadline: number, work: () => unknown) => work(),
    withAbortSignal: (_signal: AbortSignal, work: () => unknown) => work(),
  } as unknown as Client;
}

/** Failures are what many tests are about: they look at them, nobody needs to read them. */
export const SILENT = new DefaultLogger('ERROR', () => undefined);

/** Each call in an environment of its own, as one attempt of an activity that a migration of its nodes scheduled. */
function inEnvironment(activities: Activities, heartbeats: unknown[], client: Client): Activities {
  const calls = Object.entries(activities).map(([name, run]) => [
    name,
    (input: never) => {
      const environment = environmentOf(callingAs(name, input), {}, { logger: SILENT, client });
      environment.on('heartbeat', (details) => heartbeats.push(details));
      return environment.run(run, input);
    },
  ]);
  return Object.fromEntries(calls) as Activities;
}
