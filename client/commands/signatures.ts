import { setTimeout } from 'node:timers/promises';

import { Command } from 'commander';

import type { HandedIn, RefusedSignature, SignaturesTaken } from '../../model/ceremony.js';
import { count, counted } from '../../model/count.js';
import { plain } from '../../model/shown-text.js';
import {
  addCommonOptions,
  addIdentityOption,
  withClient,
  type CommonOptions,
} from '../command-options.js';
import { MigrationError } from '../errors.js';
import type { MigrationClient } from '../index.js';
import { lineInWords, linesToSign, type LineToSign } from '../lines-to-sign.js';
import { readLines, writeLines, type ReadLine } from '../json-lines.js';
import { EXIT, Terminal } from '../terminal.js';

const EXAMPLES = `
Examples:
  $ canton-migrate signatures export --file to-sign.jsonl
  $ canton-migrate signatures show --file to-sign.jsonl
  $ canton-migrate signatures import --file signed.jsonl --as ada

A line of the file to import is {"hash": "...", "signature": "<base64>"}. How to make one with openssl or
a custody system: docs/operating/signatures.md.`;

/** Everything that keys outside of the nodes sign, at once: out as a file, and in again. */
export function signaturesCommand(): Command {
  return new Command('signatures')
    .description('export what has to be signed outside of the nodes, and import the signatures')
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(showCommand())
    .addHelpText('after', EXAMPLES);
}

interface ExportOptions extends CommonOptions {
  file: string;
  signer?: string;
  missing?: boolean;
}

function exportCommand(): Command {
  return addCommonOptions(new Command('export'))
    .description('write everything that has to be signed, one JSON object to a line')
    .argument('[migration]', 'id, or uid of the source')
    .requiredOption('--file <path>', 'file to write; - writes to standard output')
    .option('--signer <fingerprint>', 'only what this key signs')
    .option('--missing', 'only what no signature was handed in for')
    .action(async (reference: string | undefined, options: ExportOptions) => {
      await withClient(options, async (client, terminal) => {
        const id = await client.find(reference);
        const lines = linesToSign(await client.signaturesToProvide(id));
        const written = await writeLines(options.file, wanted(lines, options));
        if (options.file === '-') return;
        terminal.print(`${counted(written, 'line')} written to ${options.file}`);
        terminal.printJson({ id, file: options.file, lines: written });
        terminal.next(
          written === 0
            ? 'canton-migrate status'
            : 'have each line signed, then canton-migrate signatures import --file <signed>',
        );
      });
    });
}

function* wanted(
  lines: Iterable<LineToSign>,
  { signer, missing = false }: Pick<ExportOptions, 'signer' | 'missing'>,
): Generator<LineToSign> {
  for (const line of lines) {
    if (signer !== undefined && line.signedBy !== signer) continue;
    if (missing && line.providedBy !== undefined) continue;
    yield line;
  }
}

interface ImportOptions extends CommonOptions {
  file: string;
  as: string;
}

function importCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('import')))
    .description('hand in signatures, all at once; those that are not right are named by line')
    .argument('[migration]', 'id, or uid of the source')
    .requiredOption('--file <path>', 'signatures, one JSON object to a line; - reads standard input')
    .action(async (reference: string | undefined, options: ImportOptions) => {
      const act = async (client: MigrationClient, terminal: Terminal, read: ReadSignatures) => {
        const id = await client.find(reference);
        const { signatures, lines, unreadable, unreadableCount } = read;
        const taken = await whileChecking(client, id, terminal, () =>
          client.provideSignatures(id, { signatures, by: options.as }),
        );
        const refused = taken.refused.map((its) => ({ ...its, line: lines[its.line - 1]! }));
        const result = {
          ...taken,
          refused: [...unreadable, ...refused].sort((a, b) => a.line - b.line).slice(0, REFUSED_SHOWN),
          refusedCount: taken.refusedCount + unreadableCount,
        };
        print(terminal, { id, by: options.as, ...result });
        if (result.refusedCount > 0) process.exitCode = EXIT.refused;
      };
      await withClient(options, act, () => signaturesIn(options.file));
    });
}

const LOOK_MS = 1_000;
/** Lines that are named as refused. */
const REFUSED_SHOWN = 100;

/** Says on a terminal how far the check is; that of a hundred thousand takes half a minute. */
async function whileChecking<T>(
  client: MigrationClient,
  id: string,
  terminal: Terminal,
  work: () => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const told = terminal.isInteractive ? tellChecked(client, id, done.signal) : Promise.resolve();
  try {
    return await work();
  } finally {
    done.abort();
    await told;
  }
}

async function tellChecked(client: MigrationClient, id: string, signal: AbortSignal): Promise<void> {
  let isTold = false;
  while (await isPassed(LOOK_MS, signal)) {
    const { pending } = await client.status(id);
    const step = pending.find((its) => its.step === 'takeSignatures');
    const { checked, of } = (step?.progress ?? {}) as { checked?: number; of?: number };
    if (checked === undefined || of === undefined) continue;
    process.stderr.write(`\rchecking ${count(checked)} of ${counted(of, 'signature')}`);
    isTold = true;
  }
  if (isTold) process.stderr.write('\n');
}

/** False if it ended before. */
async function isPassed(ms: number, signal: AbortSignal): Promise<boolean> {
  return setTimeout(ms, true, { signal }).catch(() => false);
}

interface ReadSignatures {
  signatures: HandedIn[];
  /** Of each. */
  lines: number[];
  /** The first lines that nothing can be made of. */
  unreadable: RefusedSignature[];
  unreadableCount: number;
}

async function signaturesIn(file: string): Promise<ReadSignatures> {
  const signatures: HandedIn[] = [];
  const lines: number[] = [];
  const unreadable: RefusedSignature[] = [];
  let unreadableCount = 0;
  for await (const { line, value, problem } of readLines(file)) {
    if (problem !== undefined) {
      unreadableCount += 1;
      if (unreadableCount <= REFUSED_SHOWN)
        unreadable.push({ line, hash: '', type: 'InputInvalid', why: problem });
      continue;
    }
    const { hash, signature, signedBy, algorithm } = value as unknown as HandedIn;
    signatures.push({
      ...{ hash, signature },
      ...(signedBy !== undefined && { signedBy }),
      ...(algorithm !== undefined && { algorithm }),
    });
    lines.push(line);
  }
  if (signatures.length + unreadableCount === 0) throw withoutLine(file);
  return { signatures, lines, unreadable, unreadableCount };
}

function print(terminal: Terminal, result: SignaturesTaken & { id: string; by: string }): void {
  const { accepted, alreadyGiven, refused, refusedCount, by } = result;
  terminal.print(`${counted(accepted, 'signature')} accepted, submitted by ${by}`);
  if (alreadyGiven > 0) terminal.print(`${counted(alreadyGiven, 'signature')} given before`);
  if (refusedCount > 0) {
    terminal.print(terminal.style.bad(`${counted(refusedCount, 'signature')} refused`));
    for (const { line, hash, type, why } of refused) {
      const of = hash === '' ? '' : `, ${plain(hash)}`;
      terminal.print(`  line ${line}${of}: ${type}: ${plain(why)}`);
    }
    const more = refusedCount - refused.length;
    if (more > 0) terminal.print(`  and ${count(more)} more`);
  }
  terminal.printJson(result);
  terminal.next(
    refusedCount > 0
      ? 'the others stand: correct these lines and import them, or canton-migrate status'
      : 'canton-migrate status',
  );
}

interface ShowOptions {
  file: string;
}

function withoutLine(file: string): MigrationError {
  const next = 'name a file with a JSON object to a line';
  return new MigrationError('usage', 'FileUnusable', `--file: found ${file} without a line`, next);
}

/** The same failure with the line that it is about. */
function atLine(line: number, error: unknown): unknown {
  if (!(error instanceof MigrationError)) return error;
  return new MigrationError(error.kind, error.type, `line ${line}: ${error.message}`, error.next);
}

function shownLine({ line, value, problem }: ReadLine): LineToSign {
  try {
    if (value) return lineInWords(value);
    const next = 'name a file that canton-migrate signatures export wrote';
    throw new MigrationError('usage', 'LineInvalid', problem!, next);
  } catch (error) {
    throw atLine(line, error);
  }
}

/** Needs neither Temporal nor Canton: for whoever has the key, where it is. */
function showCommand(): Command {
  return new Command('show')
    .description('say in words what the lines of an exported file sign, after checking each hash')
    .requiredOption('--file <path>', 'file that was exported; - reads standard input')
    .action(async ({ file }: ShowOptions) => {
      const terminal = new Terminal(false);
      try {
        let shown = 0;
        for await (const read of readLines(file)) {
          const { line } = read;
          const its = shownLine(read);
          terminal.print(
            `line ${line}: ${plain(its.signedBy)} signs ${plain(its.hash)} (${its.purpose})`,
          );
          for (const { says } of its.transactions ?? [its]) terminal.print(`  ${plain(says)}`);
          shown += 1;
        }
        if (shown === 0) throw withoutLine(file);
        terminal.next(`sign each of the ${counted(shown, 'line')}: docs/operating/signatures.md`);
      } catch (error) {
        process.exitCode = terminal.fail(error);
      }
    });
}
