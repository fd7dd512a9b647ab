/**
 * Runs the load test of `canton-migrate loadtest`, which hands its options on as JSON.
 *
 * Exit codes: 0 nothing lost, nothing twice, nothing abandoned; 1 unexpected, 2 usage, 3 refused, 4 not equal.
 */
import { setTimeout as wait } from 'node:timers/promises';

import { createStyle } from '../client/render/style.js';
import { CantonError } from '../canton/errors.js';
import { ConfigurationError, readWorkerOptions, type ParticipantProfile } from '../worker/options.js';
import { openHook } from './hook.js';
import { Load } from './load.js';
import type { LoadTestOptions } from './options.js';
import { connect, firstParties, type LoadParticipant } from './participants.js';
import { isGood, renderProgress, renderReport } from './report.js';

const EXIT = { done: 0, unexpected: 1, usage: 2, refused: 3, mismatch: 4 } as const;
const PROGRESS_MS = 10_000;
const SEEDS = 2 ** 31;

/** An option that does not fit the configuration or the participants. */
class UsageError extends Error {}

const isTerminal = process.stdout.isTTY === true;
const style = createStyle({ isTerminal, hasColor: isTerminal });

// The CLI that started us is gone, and nobody else could stop us; by itself the channel holds no process.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

process.exit(await main(JSON.parse(process.argv[2]!) as LoadTestOptions));

async function main(options: LoadTestOptions): Promise<number> {
  const opened: LoadParticipant[] = [];
  try {
    const { participants } = readWorkerOptions(options.config);
    const open = (name: string) => {
      const one = connect(named(name, participants));
      opened.push(one);
      return one;
    };
    const source = open(options.source);
    const target = options.target === undefined ? undefined : open(options.target);
    return await test(options, source, target);
  } catch (error) {
    return fail(error);
  } finally {
    for (const one of opened) one.close();
  }
}

async function test(
  options: LoadTestOptions,
  source: LoadParticipant,
  target: LoadParticipant | undefined,
): Promise<number> {
  const { clients, rate, seed = Math.floor(Math.random() * SEEDS), json } = options;
  const parties = await chosen(options, source);
  const load = new Load({
    source: source.nodeFor(parties),
    ...(target && { target: target.nodeFor(parties) }),
    ...{ parties, clients, rate, seed },
  });
  const end = new AbortController();
  stopOn(end);

  await load.start();
  const hook = options.hookPort === undefined ? undefined : await openHook(load, options.hookPort);
  const started = { run: load.run, parties, seed, ...(hook && { hook: hook.url }) };
  if (json) say(JSON.stringify({ started }));
  else say(`${load.run}: ${clients} clients, ${rate} commands/s, seed ${seed}; ${hookLine(hook?.url)}`);

  await untilEnd(load, options, end.signal);
  const report = await load.stop().finally(() => hook?.close());
  if (json) say(JSON.stringify({ report }));
  else say(`\n${renderReport(report, style)}`);
  return outcome(isGood(report), json);
}

/** The first signal ends the clients in order, which takes a while if a node is away; a second one does not wait. */
function stopOn(end: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (end.signal.aborted) process.exit(EXIT.unexpected);
      end.abort();
    });
  }
}

async function chosen(
  { party, parties, source: name }: LoadTestOptions,
  source: LoadParticipant,
): Promise<string[]> {
  if (party) return [...new Set(party)];
  const found = await firstParties(source, parties);
  if (found.length > 0) return found;
  throw new UsageError(
    `--parties: ${name} hosts no party that a migration would move, name some by --party`,
  );
}

/** Until the time is over, or whoever started it interrupts it; people see how it goes. */
async function untilEnd(load: Load, { seconds, json }: LoadTestOptions, end: AbortSignal) {
  const limit = seconds === undefined ? Infinity : Date.now() + seconds * 1_000;
  while (!end.aborted && Date.now() < limit) {
    const next = Math.min(PROGRESS_MS, limit - Date.now());
    await wait(next, undefined, { signal: end }).catch(() => undefined);
    if (!json) say(renderProgress(load.report()));
  }
}

function outcome(good: boolean, json = false): number {
  const next = good
    ? 'nothing was lost, nothing happened twice and no client gave up'
    : 'what clients know and what the ledger has differ, or clients gave up: keep both nodes as they are, and compare';
  if (!json) say(`next: ${next}`);
  return good ? EXIT.done : EXIT.mismatch;
}

function hookLine(url: string | undefined): string {
  return url === undefined ? 'clients move when they are refused' : `move clients: POST ${url}/switch`;
}

function named(name: string, participants: ParticipantProfile[]): ParticipantProfile {
  const found = participants.find((one) => one.name === name);
  if (found) return found;
  const known = participants.map((one) => one.name).join(', ');
  throw new UsageError(`found participant ${name}, expected one of the configuration: ${known}`);
}

function fail(error: unknown): number {
  const isUsage = error instanceof UsageError || error instanceof ConfigurationError;
  const isRefused = error instanceof CantonError && error.kind === 'refused';
  const next = isUsage
    ? 'canton-migrate loadtest --help shows the options'
    : 'check that the participants answer and that the tokens may act as the parties, then start it again';
  process.stderr.write(`${(error as Error).message}\nnext: ${next}\n`);
  if (isUsage) return EXIT.usage;
  return isRefused ? EXIT.refused : EXIT.unexpected;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
