import type { Client } from '@temporalio/client';

import { speaksTls } from '../../canton/transport.js';
import { connectToTemporal } from '../../client/connection.js';
import { SEARCH_ATTRIBUTES } from '../../model/steering.js';
import { whyUnreachable } from '../../temporal/reaching.js';
import { readTemporalSettings, type TemporalSettings } from '../../temporal/settings.js';
import type { WorkerOptions } from '../../worker/options.js';
import { KEYWORD, typesOf } from '../../worker/search-attributes.js';
import { ANSWER_LIMIT_MS } from '../answer-limit.js';
import { connectFailure } from './apis.js';
import { judgeServer } from './server-version.js';
import { checking, type CheckResult, type Findings } from './result.js';

/** `temporal.api.enums.v1.TaskQueueType`. */
const WORKFLOW_QUEUE = 1;
/** Of a namespace whose visibility is kept in SQL. */
const SQL_KEYWORD_SLOTS = 10;
/** Longer ago no poller is listed any more; one that waits polls again once a minute. */
const POLL_EVERY_MS = 60_000;
const NOTICED_SKEW_MS = 5_000;

/** What Temporal said, for the checks that ask it more. */
export interface TemporalChecked {
  results: CheckResult[];
  client?: Client;
  /** Identities of the workers that poll the task queue. */
  pollers: string[];
}

/** Checks Temporal, its namespace, its search attributes and who polls the task queue; registers nothing. */
export async function checkTemporal(
  { taskQueue, payloads, deployment }: WorkerOptions,
  config: string,
): Promise<TemporalChecked> {
  let settings: TemporalSettings | undefined;
  const read = await checking('temporal', 'its settings', async () => {
    settings = readTemporalSettings();
  });
  if (!settings) return { results: read, pollers: [] };
  const { address, namespace } = settings;
  const about = `${address}, namespace ${namespace}`;
  const reaching = settings;
  let client: Client | undefined;
  const reached = await checking('temporal', about, async (findings) => {
    if (await isCutOff(reaching)) throw await whyUnreachable(reaching, new Error('no connection'));
    client = await connectToTemporal(payloads?.keys ?? []);
    client = await checkNamespace(client, reaching, findings);
  });
  if (!client) return { results: reached, pollers: [] };
  const asked = client;
  const build = deployment && `, build ${deployment.buildId} of deployment ${deployment.name}`;
  const pollers: string[] = [];
  const more = await Promise.all([
    checking('search attributes', about, (findings) => checkAttributes(asked, namespace, findings)),
    checking('worker', `${taskQueue}${build ?? ''}`, async (findings) =>
      pollers.push(
        ...(await checkWorkers(asked, { namespace, taskQueue, deployment, config }, findings)),
      ),
    ),
  ]);
  return { results: [...reached, ...more.flat()], client, pollers };
}

/** What a connection would only find once its time is over. */
async function isCutOff({ address, connection: { tls, apiKey } }: TemporalSettings): Promise<boolean> {
  const isTls = apiKey !== undefined || (tls !== undefined && tls !== false);
  return (await connectFailure(address)) !== undefined || (await speaksTls(address)) !== isTls;
}

/** Returns the client if its namespace is there. */
async function checkNamespace(
  client: Client,
  settings: TemporalSettings,
  findings: Findings,
): Promise<Client | undefined> {
  const { connection } = client;
  const { namespace } = settings;
  const deadline = Date.now() + ANSWER_LIMIT_MS;
  try {
    const { serverVersion } = await connection.withDeadline(deadline, () =>
      connection.workflowService.getSystemInfo({}),
    );
    judgeServer(serverVersion, findings);
    await connection.withDeadline(deadline, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    findings.ok(`the namespace ${namespace} is there`);
    return client;
  } catch (error) {
    findings.failure(await whyUnreachable(settings, error));
    await connection.close();
    return undefined;
  }
}

async function checkAttributes(client: Client, namespace: string, findings: Findings): Promise<void> {
  const { connection } = client;
  const wanted = Object.values(SEARCH_ATTRIBUTES);
  const known = await connection.withDeadline(Date.now() + ANSWER_LIMIT_MS, () =>
    typesOf(connection, namespace),
  );
  if (known) return judgeAttributes(findings, known, wanted);
  findings.warning(
    'the server does not let this caller list search attributes',
    `have its administrator check that ${wanted.join(', ')} are there, each of type Keyword: migrations run without those that are not`,
  );
}

/** Compares what a namespace has with what migrations set. */
export function judgeAttributes(
  findings: Findings,
  known: Record<string, number>,
  wanted: readonly string[],
): void {
  const wrong = wanted.filter((name) => (known[name] ?? KEYWORD) !== KEYWORD);
  const missing = wanted.filter((name) => !(name in known));
  const used = Object.values(known).filter((type) => type === KEYWORD).length;
  const free = SQL_KEYWORD_SLOTS - used;
  if (wrong.length > 0)
    findings.warning(
      `${wrong.join(', ')}: found another type, expected Keyword; migrations run without`,
      `use another namespace, or have its administrator remove and create them anew: temporal operator search-attribute remove ${wrong.map((name) => `--name ${name}`).join(' ')}`,
    );
  if (missing.length > free)
    findings.warning(
      `${missing.join(', ')} are missing, and a namespace whose visibility is kept in SQL has ${Math.max(free, 0)} of its ${SQL_KEYWORD_SLOTS} slots for Keyword left; migrations run without those that find none`,
      'remove attributes that nobody uses, use another namespace, or a visibility store without that limit',
    );
  else if (missing.length > 0)
    findings.needed(
      `${missing.join(', ')} are not registered yet: the worker registers them at its start, if it may`,
      `temporal operator search-attribute create ${missing.map((name) => `--name ${name} --type Keyword`).join(' ')}`,
    );
  else if (wrong.length === 0) findings.ok(`${wanted.length} are registered`);
}

type Build = NonNullable<WorkerOptions['deployment']>;
interface Queue {
  namespace: string;
  taskQueue: string;
  deployment: Build | undefined;
  config: string;
}

/** Returns who polls the queue, and says which build gets its work. */
async function checkWorkers(
  client: Client,
  { namespace, taskQueue, deployment, config }: Queue,
  findings: Findings,
): Promise<string[]> {
  const { connection } = client;
  const { pollers = [], versioningInfo } = await connection.withDeadline(
    Date.now() + ANSWER_LIMIT_MS,
    () =>
      connection.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: WORKFLOW_QUEUE,
      }),
  );
  const names = (pollers ?? []).map(({ identity }) => identity ?? '');
  if (names.length > 0) findings.ok(`polled by ${names.join(', ')}`);
  else findings.needed('no worker polls this task queue', `canton-migrate worker --config ${config}`);
  const polled = (pollers ?? []).flatMap(({ lastAccessTime }) =>
    lastAccessTime?.seconds ? [Number(lastAccessTime.seconds) * 1000] : [],
  );
  if (polled.length > 0) judgePolled(findings, Math.max(...polled), Date.now());
  const { deploymentName, buildId } = versioningInfo?.currentDeploymentVersion ?? {};
  const current = deploymentName && buildId ? { name: deploymentName, buildId } : undefined;
  judgeBuild(findings, deployment, current);
  return names;
}

/**
 * Compares the build of a configuration with the one that gets the work of the queue. Until one is current, a worker
 * without a build does; from then on none does.
 */
function judgeBuild(findings: Findings, ours: Build | undefined, current: Build | undefined): void {
  const found = current
    ? `build ${current.buildId} of deployment ${current.name} is current`
    : 'no build is current';
  if (!ours) {
    if (current)
      findings.warning(
        `${found}, and this configuration names none: its worker gets no work`,
        `name its build as deployment, or go back to workers without: temporal worker deployment set-current-version --deployment-name ${current.name} --unversioned`,
      );
    return;
  }
  const { name, buildId } = ours;
  if (current?.name === name && current.buildId === buildId) findings.ok('this build is current');
  else
    findings.needed(
      `${found}, and migrations run on what is current`,
      `once a worker of this build runs: temporal worker deployment set-current-version --deployment-name ${name} --build-id ${buildId}`,
    );
}

/** Temporal tells no time; when it was last polled lies within a minute of its own clock. */
export function judgePolled(findings: Findings, lastPolled: number, now: number): void {
  const since = now - lastPolled;
  if (since < -NOTICED_SKEW_MS || since > POLL_EVERY_MS + NOTICED_SKEW_MS)
    findings.warning(
      `its clock and that of this machine differ: the last poll was ${Math.round(since / 1000)} s ago by ours, expected at most ${POLL_EVERY_MS / 1000} s`,
      'synchronise both clocks (NTP)',
    );
}
