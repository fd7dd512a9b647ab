import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';

import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

import { ApiCheck } from '../../canton/api-check.js';
import { startSandbox } from '../../sandbox/index.js';
import type { CheckName } from '../../setup/doctor/result.js';
import { SEARCH_ATTRIBUTES } from '../../model/steering.js';
import { freePorts } from '../../tools/free-port.js';
import { KEYWORD } from '../../worker/search-attributes.js';
import { eventually } from '../support/driving.js';
import { documentedPrivileges } from '../support/privileges.js';
import {
  configurationOf,
  diagnosed,
  resultsOf,
  setupFolder,
  type WrittenConfiguration,
} from '../support/diagnosing.js';
import { snapshotOf } from '../support/snapshot.js';
import { REQUEST, SMALL, startStack } from '../support/stack.js';
import { temporalServer } from '../support/temporal.js';

/** `temporal.api.enums.v1.WorkerVersioningMode`. */
const VERSIONED = 2;
const POLL_LIMIT_MS = 60_000;

const sandbox = await startSandbox({ scenario: SMALL });
const taken = createServer();
await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
const [freePort] = await freePorts(1);
const freeAddress = `127.0.0.1:${freePort}`;
const takenAddress = `127.0.0.1:${(taken.address() as AddressInfo).port}`;
after(async () => {
  taken.close();
  await sandbox.close();
});

/** What Temporal has that a check could change. */
async function temporalState({ operatorService, workflowService }: Connection): Promise<unknown> {
  const namespace = 'default';
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const { executions } = await workflowService.listWorkflowExecutions({ namespace });
  return { customAttributes, workflows: executions?.length ?? 0 };
}

/** A connection to the Temporal server of this test process. */
async function connect(t: TestContext): Promise<Connection> {
  const { address } = await temporalServer();
  const connection = await Connection.connect({ address });
  t.after(() => connection.close());
  return connection;
}

test('doctor: of nodes that are ready nothing is wrong, and nothing is changed or left behind', async (t) => {
  const stack = await startStack(t, SMALL);
  const folder = setupFolder(t);
  const connection = await connect(t);
  const before = [await snapshotOf(stack), await temporalState(connection)];
  const seen = stack.sandbox.calls.last;

  const results = await diagnosed(folder, configurationOf(stack.sandbox.addresses), {
    request: 'of the sandbox',
  });

  assert.deepEqual(resultsOf(results, 'problem'), []);
  assert.deepEqual(resultsOf(results, 'not checked'), []);
  assert.ok(results.some(({ what }) => what.startsWith('nothing stands in the way of a migration')));
  assert.match(resultsOf(results, 'needed', 'worker')[0]!.next!, /^canton-migrate worker --config /);
  assert.match(resultsOf(results, 'ok', 'search attributes')[0]!.what, /^6 are registered$/);
  assert.deepEqual(
    resultsOf(results, 'ok', 'clock').map(({ about }) => about),
    ['source', 'target'],
  );
  assert.ok(
    resultsOf(results, 'needed', 'migration').some(({ what }) => /^1 signature for /.test(what)),
  );
  for (const { status, next } of results) if (['warning', 'problem'].includes(status)) assert.ok(next);
  // The sandbox counts a reading of traffic among what changes: the table says what reads.
  const reads = new Set(documentedPrivileges().flatMap((row) => row.reads));
  const changes = stack.sandbox.calls.list({ after: seen, isMutating: true });
  assert.deepEqual(
    changes.filter(({ method }) => !reads.has(method)),
    [],
  );
  assert.deepEqual([await snapshotOf(stack), await temporalState(connection)], before);
  assert.ok(!existsSync(join(folder, 'spool')) && !existsSync(join(folder, 'lists')));
});

test('doctor: every call that the table of least privilege says a worker reads by is tried', async () => {
  const { admin, ledger } = sandbox.addresses.source;
  const tried: string[] = [];
  for (const [api, address] of [
    ['admin', admin],
    ['ledger', ledger],
  ] as const) {
    const check = new ApiCheck('source', api, { address }, 10_000);
    const calls = await check.tryReads();
    check.close();
    assert.ok(
      calls.every(({ outcome }) => outcome === 'allowed'),
      JSON.stringify(calls),
    );
    tried.push(...calls.map(({ method }) => `${api} ${method}`));
  }
  const documented = documentedPrivileges().flatMap(({ api, service, reads }) =>
    reads.map((name) => `${api.toLowerCase()} ${service}/${name}`),
  );

  assert.deepEqual(tried.sort(), documented.sort());
});

interface Fault {
  /** What is wrong. */
  name: string;
  change?: (its: WrittenConfiguration, folder: string) => void;
  environment?: Record<string, string>;
  request?: object;
  check: CheckName;
  what: RegExp;
  next: RegExp;
}

const source = (its: WrittenConfiguration) => its.participants['source']!;

const FAULTS: Fault[] = [
  {
    name: 'an unknown field',
    change: (its) => (its['spoool'] = 'x'),
    check: 'configuration',
    what: /spoool: unknown field/,
    next: /^correct the configuration/,
  },
  {
    name: 'a node that is down',
    change: (its) => (source(its).admin = { address: '127.0.0.1:1' }),
    check: 'reachability',
    what: /^127\.0\.0\.1:1: nothing listens there$/,
    next: /^start what is to listen there/,
  },
  {
    name: 'a name that nobody knows',
    change: (its) => (source(its).ledger = { address: 'nowhere.invalid:5001', tls: {} }),
    check: 'reachability',
    what: /no address is known for the name nowhere\.invalid/,
    next: /^correct the address/,
  },
  {
    name: 'TLS to plain text',
    change: (its) => (source(its).ledger['tls'] = {}),
    check: 'reachability',
    what: /does not speak TLS/,
    next: /^leave tls out, or set the address to a port that speaks TLS$/,
  },
  {
    name: 'the ledger API of the other node',
    change: (its) => (source(its).ledger = its.participants['target']!.ledger),
    check: 'identity',
    what: /^the Admin API at .* is that of source::.*, the Ledger API at .* that of target::/,
    next: /^set admin and ledger of this name to the two APIs of one participant/,
  },
  {
    name: 'a port that is taken',
    change: (its) => (its['metrics'] = { address: takenAddress }),
    check: 'ports',
    what: /^metrics\.address: found .*, where another program listens, expected a free port$/,
    next: /^set metrics\.address/,
  },
  {
    name: 'a health port that is taken',
    change: (its) => (its['health'] = { address: takenAddress }),
    check: 'ports',
    what: /^health\.address: found .*, where another program listens, expected a free port$/,
    next: /^set health\.address to a free port/,
  },
  {
    name: 'one port for both',
    change: (its) => {
      its['metrics'] = { address: freeAddress };
      its['health'] = { address: freeAddress };
    },
    check: 'ports',
    what: /^metrics\.address and health\.address: found port \d+ twice, expected two$/,
    next: /^set one of them to another port$/,
  },
  {
    name: 'a file in the place of the spool',
    change: (_, folder) => writeFileSync(join(folder, 'spool'), ''),
    check: 'spool',
    what: /spool is a file, expected a folder$/,
    next: /^name another one/,
  },
  {
    name: 'a spool that others may enter',
    change: (_, folder) => {
      mkdirSync(join(folder, 'spool'));
      chmodSync(join(folder, 'spool'), 0o755);
    },
    check: 'spool',
    what: /has mode 755, expected 700$/,
    next: /chmod 700/,
  },
  {
    name: 'lists below a file',
    change: (its, folder) => {
      writeFileSync(join(folder, 'a-file'), '');
      its['lists'] = 'a-file/lists';
    },
    check: 'lists',
    what: /a-file is a file, expected a folder$/,
    next: /^name another one/,
  },
  {
    name: 'no Temporal',
    environment: { TEMPORAL_ADDRESS: '127.0.0.1:1' },
    check: 'temporal',
    what: /^Temporal does not answer at 127\.0\.0\.1:1: nothing listens there$/,
    next: /or set TEMPORAL_ADDRESS to where it is$/,
  },
  {
    name: 'TLS to a Temporal without',
    environment: { TEMPORAL_TLS: 'true' },
    check: 'temporal',
    what: /what answers there does not speak TLS$/,
    next: /^set TEMPORAL_TLS=false/,
  },
  {
    name: 'no namespace',
    environment: { TEMPORAL_NAMESPACE: 'absent' },
    check: 'temporal',
    what: /^Temporal at .* has no namespace absent$/,
    next: /temporal operator namespace create --namespace/,
  },
  {
    name: 'a request that names nobody',
    request: { ...REQUEST, source: 'nobody' },
    check: 'migration',
    what: /^nobody: not in participants, expected one of source, target$/,
    next: /^correct the request/,
  },
  {
    name: 'a request of an unknown synchronizer',
    request: { ...REQUEST, targetSynchronizer: 'mars' },
    check: 'migration',
    what: /targetSynchronizer: found mars, expected one that target was connected to: da/,
    next: /./,
  },
];

for (const { name, change, environment, request, check, what, next } of FAULTS) {
  test(`doctor: ${name} is a problem of its own, with what to do`, async (t) => {
    const folder = setupFolder(t);
    const configuration = configurationOf(sandbox.addresses);
    change?.(configuration, folder);

    const results = await diagnosed(folder, configuration, {
      ...(environment && { environment }),
      ...(request && { request }),
    });

    const problems = resultsOf(results, 'problem');
    assert.deepEqual(
      problems.map((its) => its.check),
      [check],
      JSON.stringify(problems),
    );
    assert.match(problems[0]!.what, what);
    assert.match(problems[0]!.next!, next);
  });
}

test('doctor: what a release lacks is a problem of its node', async (t) => {
  const old = await startSandbox({ scenario: { ...SMALL, source: { version: '3.5.2' } } });
  t.after(() => old.close());

  const results = await diagnosed(setupFolder(t), configurationOf(old.addresses));

  const [problem, ...others] = resultsOf(results, 'problem');
  assert.deepEqual(others, []);
  assert.equal(problem?.check, 'version');
  assert.match(problem.what, /^source runs Canton 3\.5\.2, expected 3\.5\.4 or a later version 3/);
});

test('doctor: search attributes that are missing are needed, and a warning where there is no room for them', async (t) => {
  const { operatorService, workflowService } = await connect(t);
  const found = async (namespace: string, taken: number) => {
    const workflowExecutionRetentionPeriod = msToTs(24 * 3_600_000);
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    const names = Array.from({ length: taken }, (_, at) => [`Taken${at}`, KEYWORD] as const);
    const add = () =>
      operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(names) });
    // A namespace that was made just now is not known everywhere yet.
    if (taken > 0)
      await eventually('the namespace', () =>
        add().then(
          () => true,
          () => undefined,
        ),
      );
    const environment = { TEMPORAL_NAMESPACE: namespace };
    const check = async () => {
      const results = await diagnosed(setupFolder(t), configurationOf(sandbox.addresses), {
        environment,
      });
      const its = results.filter(({ check }) => check === 'search attributes');
      return its.length > 0 ? its : undefined;
    };
    const [its, ...others] = await eventually('the namespace', check);
    assert.deepEqual(others, []);
    return its!;
  };
  const all = Object.values(SEARCH_ATTRIBUTES);

  const none = await found('empty', 0);
  const full = await found('full', 10);

  assert.equal(none.status, 'needed');
  assert.ok(all.every((name) => none.next!.includes(`--name ${name} --type Keyword`)));
  assert.equal(full.status, 'warning');
  assert.match(full.what, /are missing, and a namespace .* has 0 of its 10 slots for Keyword left/);
});

test('doctor: a worker of a build that is not current is named, with what makes it so', async (t) => {
  const connection = await connect(t);
  const { workflowService } = connection;
  const [namespace, taskQueue, deploymentName] = ['default', 'doctor-builds', 'builds'];
  const leaving = new AbortController();
  t.after(() => leaving.abort());
  const ask = (buildId: string) =>
    connection.withDeadline(Date.now() + POLL_LIMIT_MS, () =>
      workflowService.pollWorkflowTaskQueue({
        ...{ namespace, identity: buildId, taskQueue: { name: taskQueue } },
        deploymentOptions: { deploymentName, buildId, workerVersioningMode: VERSIONED },
      }),
    );
  for (const buildId of ['one', 'two'])
    connection.withAbortSignal(leaving.signal, () => ask(buildId)).catch(() => undefined);
  const makeCurrent = (buildId: string) =>
    eventually(`build ${buildId} is current`, () =>
      workflowService.setWorkerDeploymentCurrentVersion({ namespace, deploymentName, buildId }).then(
        () => true,
        () => undefined,
      ),
    );
  const found = async (deployment?: object) => {
    const configuration = { ...configurationOf(sandbox.addresses), taskQueue, ...deployment };
    const results = await diagnosed(setupFolder(t), configuration);
    return results.filter(({ check, what }) => check === 'worker' && what.includes('build'));
  };
  const ofBuild = (buildId: string) => found({ deployment: { name: deploymentName, buildId } });

  const [first] = await ofBuild('one');
  await makeCurrent('one');
  const [current] = await ofBuild('one');
  const [later] = await ofBuild('two');
  const [unnamed] = await found();

  assert.deepEqual(
    [first?.status, first?.what],
    ['needed', 'no build is current, and migrations run on what is current'],
  );
  assert.match(first!.next!, /set-current-version --deployment-name builds --build-id one$/);
  assert.deepEqual([current?.status, current?.what], ['ok', 'this build is current']);
  assert.match(later!.what, /^build one of deployment builds is current, /);
  assert.match(later!.next!, /--build-id two$/);
  assert.equal(unnamed?.status, 'warning');
  assert.match(unnamed.next!, /--deployment-name builds --unversioned$/);
});
