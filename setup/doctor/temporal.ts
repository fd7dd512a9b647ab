import type { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

import { speaksTls } from '../../canton/transport.js';
import { connectToTemporal } from '../../client/connection.js';
import { SEARCH_ATTRIBUTES } from '../../model/steering.js';
import type { WorkerOptions } from '../../worker/options.js';
import { connectFailure } from './apis.js';
import { judgeServer } from './server-version.js';
import { Findings, checking, type CheckResult } from './result.js';

/** Of a call to Temporal. */
const CALL_LIMIT_MS = 10_000;
/** `temporal.api.enums.v1.TaskQueueType`. */
const WORKFLOW_QUEUE = 1;
/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD`. */
const KEYWORD = 2;
/** Of a namespace whose visibility is kept in SQL. */
const SQL_KEYWORD_SLOTS = 10;
/** Longer ago no poller is listed any more; one that waits polls again once a minute. */
const POLL_EVERY_MS = 60_000;
const NOTICED_SKEW_MS = 5_000;
/** gRPC. */
const CODES = { notFound: 5, permissionDenied: 7, unimplemented: 12, unauthenticated: 16 };

/** What Temporal said, for the checks that ask it more. */
export interface TemporalChecked {
  results: CheckResult[];
  client?: Client;
  /** Identities of the workers that poll the task queue. */
  pollers: string[];
}

/** Checks Temporal, its namespace, its search attributes and who polls the task queue; registers nothing. */
export async function checkTemporal(
  { taskQueue, payloads }: WorkerOptions,
  config: string,
): Promise<TemporalChecked> {
  const found = placeOfTemporal();
  if ('problem' in found) return { results: [found.problem], pollers: [] };
  const { address, namespace, isTls } = found;
  const about = `${address}, namespace ${namespace}`;
  let client: Client | undefined;
  const reached = await checking('temporal', about, async (findings) => {
    const failure = (await connectFailure(address)) ?? (await otherTransport(address, isTls));
    if (failure) {
      findings.problem(`Temporal at ${address}: ${failure.what}`, temporalNext(failure.next));
      return;
    }
    client = await connectToTemporal(payloads?.keys ?? []);
    client = await checkNamespace(client, namespace, findings);
  });
  if (!client) return { results: reached, pollers: [] };
  const asked = client;
  const pollers: string[] = [];
  const more = await Promise.all([
    checking('search attributes', about, (findings) => checkAttributes(asked, namespace, findings)),
    checking('worker', taskQueue, async (findings) =>
      pollers.push(...(await checkPollers(asked, { namespace, taskQueue, config }, findings))),
    ),
  ]);
  return { results: [...reached, ...more.flat()], client, pollers };
}

/** Where Temporal is, by its own variables and profiles. */
function placeOfTemporal() {
  try {
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
    const { address = 'localhost:7233', tls, apiKey } = connectionOptions;
    return { address, namespace, isTls: apiKey !== undefined || (tls !== undefined && tls !== false) };
  } catch (error) {
    const findings = new Findings('temporal', 'profile').problem(
      (error as Error).message,
      'correct TEMPORAL_PROFILE, or the file that TEMPORAL_CONFIG_FILE names',
    );
    return { problem: findings.results[0]! };
  }
}

/** Tells TLS that is spoken to plain text, and plain text to TLS. */
async function otherTransport(address: string, isTls: boolean) {
  const speaks = await speaksTls(address);
  if (speaks === isTls) return undefined;
  return speaks
    ? { what: 'it speaks TLS, and TLS is not configured', next: 'set TEMPORAL_TLS=true' }
    : {
        what: 'it does not speak TLS, and TLS is configured',
        next: 'unset TEMPORAL_TLS, or name a port that speaks TLS',
      };
}

function temporalNext(next: string): string {
  return next.replace('the address in the configuration', 'TEMPORAL_ADDRESS');
}

async function checkNamespace(
  client: Client,
  namespace: string,
  findings: Findings,
): Promise<Client | undefined> {
  const { connection } = client;
  const deadline = Date.now() + CALL_LIMIT_MS;
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
    const { code, message } = error as { code?: number; message: string };
    if (code === CODES.notFound)
      findings.problem(
        `there is no namespace ${namespace}`,
        `set TEMPORAL_NAMESPACE, or make it: temporal operator namespace create --namespace ${namespace}`,
      );
    else if (code === CODES.permissionDenied || code === CODES.unauthenticated)
      findings.problem(
        `Temporal refuses this caller in the namespace ${namespace}: ${message}`,
        'set TEMPORAL_API_KEY, or TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH, to those of the worker',
      );
    else findings.problem(`Temporal says: ${message}`, 'check that the server is up and well');
    await connection.close();
    return undefined;
  }
}

async function checkAttributes(client: Client, namespace: string, findings: Findings): Promise<void> {
  const { connection } = client;
  const wanted = Object.values(SEARCH_ATTRIBUTES);
  let known: Record<string, number>;
  try {
    const answer = await connection.withDeadline(Date.now() + CALL_LIMIT_MS, () =>
      connection.operatorService.listSearchAttributes({ namespace }),
    );
    known = answer.customAttributes ?? {};
  } catch (error) {
    const { code, message } = error as { code?: number; message: string };
    if (code !== CODES.permissionDenied && code !== CODES.unimplemented) throw error;
    findings.warning(
      `the server does not let this caller list search attributes (${message})`,
      `have its administrator check that ${wanted.join(', ')} are there, each of type Keyword`,
    );
    return;
  }
  judgeAttributes(findings, known, wanted);
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
    findings.problem(
      `${wrong.join(', ')}: found another type, expected Keyword`,
      'use another namespace, or have its administrator remove and create them anew: temporal operator search-attribute remove --name <name>',
    );
  if (missing.length > free)
    findings.warning(
      `${missing.join(', ')} are missing, and a namespace whose visibility is kept in SQL has ${Math.max(free, 0)} of its ${SQL_KEYWORD_SLOTS} slots for Keyword left`,
      'remove attributes that nobody uses, use another namespace, or a visibility store without that limit',
    );
  else if (missing.length > 0)
    findings.needed(
      `${missing.join(', ')} are not registered yet: the worker registers them at its start, if it may`,
      `temporal operator search-attribute create ${missing.map((name) => `--name ${name} --type Keyword`).join(' ')}`,
    );
  else if (wrong.length === 0) findings.ok(`${wanted.length} are registered`);
}

/** Returns who polls the queue. */
async function checkPollers(
  client: Client,
  { namespace, taskQueue, config }: { namespace: string; taskQueue: string; config: string },
  findings: Findings,
): Promise<string[]> {
  const { connection } = client;
  const { pollers = [] } = await connection.withDeadline(Date.now() + CALL_LIMIT_MS, () =>
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
  return names;
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
