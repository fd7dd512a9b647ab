import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { parse } from 'yaml';

import type { SwitchHook } from '../activities/nodes/switch-hook.js';
import type { ChannelOptions } from '../canton/endpoint.js';
import type { ApprovalPolicy } from '../model/plan.js';
import { MIGRATION_REQUEST_SCHEMA } from '../model/request.js';
import { TASK_QUEUE } from '../model/steering.js';
import { validator } from '../model/validation.js';
import type { PayloadKey } from '../secrets/payload-keys.js';
import type { SigningKey } from '../report/seal.js';
import { isOpenToOthers, modeOf } from '../secrets/secret-file.js';
import { defaultListFolder, defaultSpool, placeOf } from '../storage/places.js';
import { ChannelReader } from './channel-entries.js';
import { CONFIGURATION_SCHEMA, type ConfigurationFile, type LogLevel } from './configuration-schema.js';
import { substituteEnvironment } from './environment.js';
import { pairProblems, readApproval } from './rules.js';

// The SDK's default of 100 is absurd for streams of contracts.
const DEFAULT_CONCURRENT_ACTIVITIES = 16;
const DEFAULT_CACHED_WORKFLOWS = 100;
/** Of AES-256. */
const KEY_BYTES = 32;
/** Fields whose value is never quoted. */
const SECRETS = ['token', 'clientSecret', 'spoolKey'];

export interface ParticipantProfile {
  name: string;
  admin: ChannelOptions;
  ledger: ChannelOptions;
}

export interface WorkerOptions {
  /** Ordered as in the file; at least one. */
  participants: ParticipantProfile[];
  /** Absolute path, and 32 bytes that seal what is there. */
  spool: { folder: string; key: Buffer };
  /** Where long lists are kept, as `storage/places.ts` reads it; a folder is an absolute path. */
  lists: string;
  /** What is asked of whoever approves a gate. */
  approval: ApprovalPolicy;
  /** The only migrations that are made; every one between the participants if left out. */
  migrations?: { source: string; target: string }[];
  /** What moves the clients on the live route. */
  switchHook?: SwitchHook;
  taskQueue: string;
  maxConcurrentActivities: number;
  maxCachedWorkflows: number;
  /** `host:port` to serve Prometheus metrics at. */
  metricsAddress?: string;
  /** `host:port` to serve liveness and readiness at. */
  healthAddress?: string;
  /** What this build is to Temporal's worker versioning; it has none if left out. */
  deployment?: { name: string; buildId: string };
  logLevel: LogLevel;
  /** What becomes of payloads on their way to Temporal: nothing without it. The first key encrypts. */
  payloads?: { keys: PayloadKey[]; compresses: boolean };
  /** What signs reports; nothing without it. */
  signingKey?: SigningKey;
  /** What is not refused and ought to be changed; for operators. */
  warnings: string[];
}

/** A configuration that cannot be used: one line per problem, each with file, field, value and expectation. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly problems: string[]) {
    super(problems.join('\n'));
  }
}

/**
 * Reads the worker's configuration file, YAML or JSON. Paths in it are relative to its folder.
 *
 * Fails with a {@link ConfigurationError} that lists everything wrong with it. Secrets never appear in it.
 */
export function readWorkerOptions(
  path: string,
  environment: NodeJS.ProcessEnv = process.env,
): WorkerOptions {
  const fail = (problems: string[]) =>
    new ConfigurationError(problems.map((line) => `${path}: ${line}`));

  const written = parseFile(path, fail);
  const { value, problems: unset } = substituteEnvironment(written, environment);
  const problems = [...unset, ...configurationProblems(withoutSecrets(value))];
  if (problems.length > 0) throw fail(problems);

  const file = value as ConfigurationFile;
  const reader = new ChannelReader(dirname(resolve(path)));
  const participants = Object.entries(file.participants).map(([name, { admin, ledger }]) => ({
    name,
    admin: reader.channel(admin, `participants.${name}.admin`),
    ledger: reader.channel(ledger, `participants.${name}.ledger`),
  }));
  const switchHook = file.switchHook && reader.switchHook(file.switchHook, 'switchHook');
  const { key, problem } = spoolKey(configuredSpoolKey(file, reader));
  const payloads = file.payloads && {
    keys: file.payloads.keyFile ? reader.payloadKeys(file.payloads.keyFile, 'payloads.keyFile') : [],
    compresses: file.payloads.compress ?? true,
  };
  const signingKey = file.report && reader.signingKey(file.report.signingKey, 'report.signingKey');
  const lists = listsIn(file, dirname(resolve(path)));
  const approval = readApproval(file.approval, dirname(resolve(path)));
  const more = [
    ...reader.problems,
    ...pairProblems(file),
    ...approval.problems,
    ...lists.problems,
    ...(problem === undefined ? [] : [problem]),
  ];
  if (more.length > 0) throw fail(more);
  const folder = file.spool ? resolve(dirname(resolve(path)), file.spool) : defaultSpool(environment);
  const defaultLists = defaultListFolder(environment);

  return {
    participants,
    spool: { folder, key },
    lists: lists.place ?? defaultLists,
    approval: approval.policy,
    taskQueue: file.taskQueue ?? TASK_QUEUE,
    maxConcurrentActivities: file.maxConcurrentActivities ?? DEFAULT_CONCURRENT_ACTIVITIES,
    maxCachedWorkflows: file.maxCachedWorkflows ?? DEFAULT_CACHED_WORKFLOWS,
    logLevel: file.logLevel ?? 'info',
    ...(file.migrations && { migrations: file.migrations }),
    ...(switchHook && { switchHook }),
    ...(file.metrics && { metricsAddress: file.metrics.address }),
    ...(file.health && { healthAddress: file.health.address }),
    ...(file.deployment && { deployment: file.deployment }),
    ...(payloads && { payloads }),
    ...(signingKey && { signingKey }),
    warnings: [
      ...openFileWarnings(path, written),
      ...(lists.place === undefined ? [noListsWarning(path, defaultLists)] : []),
    ],
  };
}

/** A folder is relative to that of the file. */
function listsIn({ lists }: ConfigurationFile, folder: string): { place?: string; problems: string[] } {
  if (lists === undefined) return { problems: [] };
  try {
    const place = placeOf(lists, folder);
    return { place: place.kind === 'folder' ? place.folder : lists, problems: [] };
  } catch (error) {
    return { problems: [`lists: ${(error as Error).message}`] };
  }
}

/** What plans say of their parties is nowhere else, once they are many. */
function noListsWarning(path: string, folder: string): string {
  return `${path} does not set lists: long lists of parties are kept in ${folder} on this machine; without them a migration can be neither resumed nor aborted. Set lists to a folder that is backed up, or to a bucket; several workers have to share it`;
}

const schemaProblems = validator(CONFIGURATION_SCHEMA);

function configurationProblems(value: unknown): string[] {
  const problems = schemaProblems(value);
  const participants = (value as Partial<ConfigurationFile> | null)?.participants;
  if (participants === null || typeof participants !== 'object') return problems;
  const { pattern } = MIGRATION_REQUEST_SCHEMA.properties.source;
  const badNames = Object.keys(participants).filter((name) => !new RegExp(pattern).test(name));
  return [
    ...problems,
    ...badNames.map(
      (name) =>
        `participants: found the name ${JSON.stringify(name)}, expected text that matches ${pattern}`,
    ),
  ];
}

function parseFile(path: string, fail: (problems: string[]) => ConfigurationError): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw fail([`cannot be read: ${(error as Error).message}, expected a YAML or JSON file`]);
  }
  try {
    return parse(text, { prettyErrors: true });
  } catch (error) {
    const [firstLine] = (error as Error).message.split('\n');
    throw fail([`found text that is neither YAML nor JSON: ${firstLine}`]);
  }
}

/** Nothing if there is none; then the worker makes one. */
function configuredSpoolKey(
  { spoolKey, spoolKeyFile }: ConfigurationFile,
  reader: ChannelReader,
): string | undefined {
  const isGiven = spoolKey !== undefined || spoolKeyFile !== undefined;
  // Of an empty one the reader has said why.
  return isGiven ? reader.oneSecret({ spoolKey, spoolKeyFile }) || undefined : undefined;
}

/** A warning if others can read a file that holds a secret itself, and not only the name of a variable. */
function openFileWarnings(path: string, written: unknown): string[] {
  const found = statSync(path);
  if (!isOpenToOthers(found) || !holdsSecret(written)) return [];
  return [
    `${path} holds a secret and has mode ${modeOf(found)}: others can read it; chmod 600 ${path}, or name a file or a variable instead`,
  ];
}

function holdsSecret(written: unknown): boolean {
  if (written === null || typeof written !== 'object') return false;
  return Object.entries(written).some(
    ([name, inner]) =>
      holdsSecret(inner) ||
      (SECRETS.includes(name) && typeof inner === 'string' && !inner.startsWith('${')),
  );
}

/** Without one, a key for the life of this process: a spool is only a cache. The problem never quotes it. */
function spoolKey(configured: string | undefined): { key: Buffer; problem?: string } {
  if (configured === undefined) return { key: randomBytes(KEY_BYTES) };
  if (/^[0-9a-fA-F]{64}$/.test(configured)) return { key: Buffer.from(configured, 'hex') };
  const found = `${configured.length} characters${/^[0-9a-fA-F]*$/.test(configured) ? '' : ', not all hexadecimal'}`;
  return {
    key: Buffer.alloc(0),
    problem: `spoolKey: found ${found}, expected 64 hexadecimal characters`,
  };
}

/** A copy for the validator, whose messages quote what they find. A secret that is no text stays none. */
function withoutSecrets(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (key, inner: unknown) => {
      if (!SECRETS.includes(key) || inner === '') return inner;
      return typeof inner === 'string' ? '(a secret)' : [];
    }),
  );
}
