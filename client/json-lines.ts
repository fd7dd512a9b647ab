import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

import { MigrationError } from './errors.js';

/** A line of a file of JSON lines: what it says, or why it is none. */
export interface ReadLine {
  /** From 1. */
  line: number;
  value?: Record<string, unknown>;
  problem?: string;
}

/** Yields the lines of a file, or of standard input for `-`; empty ones are passed over. */
export async function* readLines(file: string): AsyncGenerator<ReadLine> {
  const input: Readable = file === '-' ? process.stdin : await opened(file);
  let line = 0;
  const texts = createInterface({ input, crlfDelay: Infinity })[Symbol.asyncIterator]();
  for (;;) {
    const next = await texts.next().catch((error: unknown) => {
      throw unusable(file, 'read', error);
    });
    if (next.done) return;
    line += 1;
    if (next.value.trim() === '') continue;
    yield { line, ...parsed(next.value) };
  }
}

async function opened(file: string): Promise<Readable> {
  const stream = createReadStream(file, 'utf8');
  try {
    await once(stream, 'open');
    // A folder can be opened, and not read.
    if ((await stat(file)).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    return stream;
  } catch (error) {
    throw unusable(file, 'read', error);
  }
}

function parsed(text: string): Pick<ReadLine, 'value' | 'problem'> {
  try {
    const value = JSON.parse(text) as unknown;
    // Of a field that is there twice one reader takes the first and another the last.
    if (fieldsIn(text) !== fieldsOf(value))
      return { problem: 'found a field more than once, expected each once' };
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { value: value as Record<string, unknown> };
    return { problem: 'found JSON that is no object, expected one with a hash' };
  } catch {
    return { problem: 'found text that is not JSON, expected an object with a hash' };
  }
}

/** How many fields the text of valid JSON has: each is a string with a colon behind it. */
function fieldsIn(text: string): number {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/g)].filter(([, colon]) => colon === ':').length;
}

function fieldsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, inner) => sum + fieldsOf(inner), own);
}

/** Writes each value as a line of JSON to a file, or to standard output for `-`. Returns how many there were. */
export async function writeLines(file: string, values: Iterable<unknown>): Promise<number> {
  const output: Writable = file === '-' ? process.stdout : createWriteStream(file, { mode: 0o600 });
  let failure: unknown;
  output.on('error', (error) => (failure ??= error));
  let written = 0;
  for (const value of values) {
    if (failure) break;
    if (!output.write(`${JSON.stringify(value)}\n`)) await drained(output);
    written += 1;
  }
  if (file !== '-') {
    output.end();
    await finished(output).catch((error: unknown) => (failure ??= error));
  }
  if (failure) throw unusable(file, 'written', failure);
  return written;
}

async function drained(output: Writable): Promise<void> {
  await once(output, 'drain').catch(() => undefined);
}

function unusable(file: string, what: 'read' | 'written', error: unknown): MigrationError {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  const message = `--file: found ${file}, which cannot be ${what} (${reason})`;
  const next =
    what === 'read'
      ? 'name a file that exists and is readable'
      : 'name a file in a folder that exists and is writable';
  return new MigrationError('usage', 'FileUnusable', message, next);
}
