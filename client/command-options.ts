import { readFileSync } from 'node:fs';

import { InvalidArgumentError, Option, type Command } from 'commander';

import { firstLines } from '../model/count.js';
import type { MigrationRequest } from '../model/request.js';
import { TASK_QUEUE } from '../model/steering.js';
import { partyItemProblem } from '../model/validation.js';
import { LISTS_VARIABLE, MigrationError, PAYLOAD_KEYS_VARIABLE, RequestInvalidError } from './errors.js';
import { filledIn } from './filled-in.js';
import { MigrationClient } from './index.js';
import { requireValid } from './planning.js';
import { defaultIdentity, Terminal } from './terminal.js';

/** Lines of a file that are named as wrong. */
const PROBLEMS_SHOWN = 20;

/** Options of every verb that talks to Temporal. */
export interface CommonOptions {
  json?: boolean;
  taskQueue: string;
  payloadKeys?: string;
  lists?: string;
}

export function addCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON for scripts')
    .option('--task-queue <name>', 'task queue of the worker', TASK_QUEUE)
    .addOption(
      new Option('--payload-keys <file>', 'keys that the worker encrypts payloads with').env(
        PAYLOAD_KEYS_VARIABLE,
      ),
    )
    .addOption(
      new Option(
        '--lists <place>',
        'where the worker keeps long lists: a folder, or s3://<bucket>/<prefix>; by default the folder of a worker on this machine',
      ).env(LISTS_VARIABLE),
    );
}

export function addIdentityOption(command: Command): Command {
  const description = 'name to record in the history';
  // The help is the same on every machine.
  const option = new Option('--as <identity>', description)
    .argParser(filledIn)
    .default(defaultIdentity(), 'user@host');
  return command.addOption(option);
}

/** Help for the argument that names a migration. */
export const NAMED = 'name or uid of its source, or how that begins; or its workflow id';

/** The id of the migration that was named on the command line, by which commands that are told next name it too. */
export async function findNamed(
  client: MigrationClient,
  terminal: Terminal,
  reference: string | undefined,
): Promise<string> {
  const id = await client.find(reference);
  terminal.about(reference);
  return id;
}

/** The number that the text of an option is. */
export function toNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number');
  return value;
}

/**
 * Runs a verb with a terminal and a client, and turns whatever it throws into the exit code. What `prepare` returns is
 * had before Temporal is contacted.
 */
export async function withClient<T = undefined>(
  options: CommonOptions,
  act: (client: MigrationClient, terminal: Terminal, prepared: T) => Promise<void>,
  prepare?: () => Promise<T>,
): Promise<void> {
  await run(options, prepare, act);
}

/** As {@link withClient}, with the request of the command line, which is checked before anything else. */
export async function withRequest(
  options: CommonOptions & RequestOptions,
  act: (client: MigrationClient, terminal: Terminal, request: MigrationRequest) => Promise<void>,
): Promise<void> {
  const { reverse } = options;
  if (reverse !== undefined) {
    return run(options, undefined, async (client, terminal) => {
      const request = await client.requestReverse(await client.find(reverse), givenFields(options));
      terminal.print(`The reverse migration, as a request:\n${JSON.stringify(request, null, 2)}\n`);
      await act(client, terminal, request);
    });
  }
  const check = () => {
    const request = requestFrom(options);
    requireValid(request);
    return request;
  };
  await run(options, check, act);
}

async function run<T>(
  options: CommonOptions,
  prepare: (() => T | Promise<T>) | undefined,
  act: (client: MigrationClient, terminal: Terminal, prepared: T) => Promise<void>,
): Promise<void> {
  const terminal = new Terminal(options.json ?? false);
  let client: MigrationClient | undefined;
  try {
    const prepared = (await prepare?.()) as T;
    client = await MigrationClient.connect(options);
    await act(client, terminal, prepared);
  } catch (error) {
    process.exitCode = terminal.fail(error);
  } finally {
    await client?.close();
  }
}

export interface RequestOptions {
  request?: string;
  reverse?: string;
  source?: string;
  target?: string;
  sourceSynchronizer?: string;
  targetSynchronizer?: string;
  party?: string[];
  partiesFile?: string;
  rootKeyHolder?: string;
  route?: string;
  sharedContracts?: string;
  copy?: string;
  importMode?: string;
  catchUps?: number;
  quietSeconds?: number;
  leaveBehind?: string[];
  watchSeconds?: number;
  exceptCounterParticipants?: string[];
  delegation?: string;
}

const SINGLE = [
  'source',
  'target',
  'sourceSynchronizer',
  'targetSynchronizer',
  'rootKeyHolder',
  'route',
] as const;
const TUNING = [
  'sharedContracts',
  'copy',
  'importMode',
  'catchUps',
  'quietSeconds',
  'leaveBehind',
  'watchSeconds',
  'exceptCounterParticipants',
  'delegation',
] as const;

export function addRequestOptions(command: Command): Command {
  const fields = [...SINGLE, ...TUNING, 'party', 'partiesFile'];
  return command
    .addOption(
      new Option('--request <file>', 'the request as JSON; - reads standard input').conflicts(fields),
    )
    .addOption(
      new Option(
        '--reverse <migration>',
        'the reverse migration of this one, named as elsewhere; other options replace what it had',
      ).conflicts('request'),
    )
    .addOption(new Option('--back <migration>', 'alias of --reverse').conflicts('request').hideHelp())
    .on('option:back', (id: string) => command.setOptionValue('reverse', id))
    .option('--source <name>', "source participant, by its name in the worker's configuration")
    .option('--target <name>', "target participant, by its name in the worker's configuration")
    .option('--source-synchronizer <id>', 'logical id, or alias on the source')
    .option('--target-synchronizer <id>', 'logical id, or alias on the target')
    .option(
      '--route <new-synchronizer|live>',
      'to another synchronizer, or on the same one while the source serves; the plan proposes one',
    )
    .option(
      '--party <id...>',
      "party to move: id, class (local, external, ...) or pattern ('*::<namespace>', 'name*'); may be repeated; every party that can move if left out",
    )
    .option(
      '--parties-file <file>',
      'file of more of these, one per line; # begins a comment line; - reads standard input',
    )
    .option('--root-key-holder <name>', 'participant that has the root key, if not the source')
    .option(
      '--shared-contracts <include|exclude>',
      'what happens to contracts with a stakeholder that does not move',
    )
    .option(
      '--copy <cold|warm|changes>',
      'when contracts are copied: while the source is out of service, before that, or only what changed since the target had them',
    )
    .option('--import-mode <accept|validation>', 'how the target takes contracts; the plan chooses')
    .option('--catch-ups <n>', 'how often a warm copy catches up at most before the freeze', toNumber)
    .option(
      '--quiet-seconds <n>',
      'how long the source must be quiet before it is disconnected',
      toNumber,
    )
    .option('--leave-behind <what...>', 'not copied: users, users/<id>, pruningSchedule and the like')
    .option('--watch-seconds <n>', 'how often the parked source is checked afterwards', toNumber)
    .option(
      '--except-counter-participants <uid...>',
      'whose commitments are neither waited for nor an alarm; only on the route live',
    )
    .option(
      '--delegation <create|none>',
      'whether the namespace is delegated to the target; none only on the route live',
    );
}

/** The request of the command line as it is. */
function requestFrom(options: RequestOptions): MigrationRequest {
  if (options.request !== undefined) return readRequest(options.request);
  return givenFields(options) as MigrationRequest;
}

/** The fields of a request that have an option on the command line. */
function givenFields(options: RequestOptions): Partial<MigrationRequest> {
  const given = <K extends keyof RequestOptions>(names: readonly K[]) =>
    Object.fromEntries(
      names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
    );
  const tuning = given(TUNING);
  const parties = [...new Set([...(options.party ?? []), ...partiesIn(options.partiesFile)])];
  return {
    ...given(SINGLE),
    ...(parties.length > 0 && { parties }),
    ...(Object.keys(tuning).length > 0 && { options: tuning }),
  };
}

/** The options that repeat a request on another command. */
export function requestArguments(options: RequestOptions): string {
  return (['request', 'reverse', ...SINGLE, ...TUNING, 'party', 'partiesFile'] as const)
    .flatMap((name) => [options[name] ?? []].flat().map((value) => [name, String(value)] as const))
    .map(([name, value]) => `--${kebab(name)} ${quoted(value)}`)
    .join(' ');
}

function readRequest(file: string): MigrationRequest {
  const text = readText('--request', file, 'name a file that holds the request');
  try {
    return JSON.parse(text) as MigrationRequest;
  } catch (error) {
    throw new RequestInvalidError([`${file}: found text that is not JSON: ${(error as Error).message}`]);
  }
}

/**
 * The lines of a file that say which parties move; empty ones and those that begin with # are passed over. Fails if none
 * is left: all parties would move.
 */
function partiesIn(file: string | undefined): string[] {
  if (file === undefined) return [];
  const next = 'name a file with a party, class or pattern on each line';
  const lines = readText('--parties-file', file, next)
    .split('\n')
    .map((text, at) => ({ text: text.trim(), line: at + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
  if (lines.length === 0)
    throw new MigrationError(
      'usage',
      'RequestUnreadable',
      `--parties-file: found ${file} without a party, class or pattern`,
      next,
    );
  const problems = lines.flatMap(({ text, line }) => {
    const problem = partyItemProblem(text);
    return problem === undefined ? [] : [`--parties-file: line ${line}: ${problem}`];
  });
  if (problems.length > 0)
    throw new RequestInvalidError(firstLines(problems.slice(0, PROBLEMS_SHOWN), problems.length, ''));
  return lines.map(({ text }) => text);
}

function readText(option: string, file: string, next: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const message = `${option}: found ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code})`;
    throw new MigrationError('usage', 'RequestUnreadable', message, next);
  }
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A word as a shell takes it. */
export function quoted(value: string): string {
  return /^[\w.:,/@+-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
