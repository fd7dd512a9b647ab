import { setTimeout } from 'node:timers/promises';

import { Command } from 'commander';

import type { HandedIn, RefusedSignature } from '../../model/ceremony.js';
import { count, counted } from '../../model/count.js';
import { plain } from '../../model/shown-text.js';
import {
  addCommonOptions,
  addIdentityOption,
  findNamed,
  NAMED,
  withClient,
  type CommonOptions,
} from '../command-options.js';
import { MigrationError } from '../errors.js';
import type { MigrationClient } from '../index.js';
import { lineInWords, linesToSign, type LineToSign } from '../lines-to-sign.js';
import { isAsked, linesInWords, requireSigner, wanted, whatStands } from '../lines-wanted.js';
import { nextAfterSigning, renderTaken } from '../render/signatures.js';
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
    .argument('[migration]', NAMED)
    .requiredOption('--file <path>', 'file to write; - writes to standard output')
    .option('--signer <fingerprint>', 'only what this key signs')
    .option('--missing', 'only what no signature was handed in for')
    .action(async (reference: string | undefined, options: ExportOptions) => {
      await withClient(options, async (client, terminal) => {
        const id = await findNamed(client, terminal, reference);
        const toSign = await client.signaturesToProvide(id);
        requireSigner(toSign, options.signer);
        let required = 0;
        const lines = wanted(
          linesToSign(toSign),
          options,
          (its) => (required += Number(its.isRequired)),
        );
        const written = await writeLines(options.file, lines);
        if (options.file === '-') return;
        const { status } = await client.status(id);
        const isOver = status !== undefined && !isAsked(status);
        terminal.print(
          isOver
            ? `${counted(written, 'line')}, written to ${options.file}\n${whatStands(toSign, status)}`
            : `${linesInWords(written, required)}, written to ${options.file}`,
        );
        terminal.printJson({ id, file: options.file, lines: written });
        terminal.next(
          written === 0 || isOver
            ? 'canton-migrate status'
            : 'get the lines signed, then canton-migrate signatures import --file <signed>',
        );
      });
    });
}

interface ImportOptions extends CommonOptions {
  file: string;
  as: string;
}

function importCommand(): Command {
  return addIdentityOption(addCommonOptions(new Command('import')))
    .description('hand in signatures, all at once; those that are not right are named by line')
    .argument('[migration]', NAMED)
    .requiredOption('--file <path>', 'signatures, one JSON object to a line; - reads standard input')
    .action(async (reference: string | undefined, options: ImportOptions) => {
      const act = async (client: MigrationClient, terminal: Terminal, read: ReadSignatures) => {
        const id = await findNamed(client, terminal, reference);
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
        const { status } = await client.status(id);
        const taking = { id, by: options.as, ...result };
        terminal.print(renderTaken(taking, status, terminal.style));
        terminal.printJson(taking);
        terminal.next(nextAfterSigning(result, status));
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
        let [lines, required] = [0, 0];
        for await (const read of readLines(file)) {
          const { line } = read;
          const its = shownLine(read);
          terminal.print(
            `line ${line}: ${plain(its.signedBy)} signs ${plain(its.hash)} (${its.purpose}, ${its.isRequired ? 'required' : 'not required by the gate'})`,
          );
          for (const { says } of its.transactions ?? [its]) terminal.print(`  ${plain(says)}`);
          lines += 1;
          required += Number(its.isRequired);
        }
        if (lines === 0) throw withoutLine(file);
        terminal.print(linesInWords(lines, required));
        terminal.next('sign them: docs/operating/signatures.md');
      } catch (error) {
        process.exitCode = terminal.fail(error);
      }
    });
}
