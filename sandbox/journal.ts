import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JournalRecords } from './journal-records.js';
import type { Journal } from './node.js';

/**
 * Opens the journal in a folder, creating both if absent.
 *
 * A record is on its way to the disk before `append` returns, so it survives `kill -9` of the process (not a
 * power cut). A record torn by such an end is cut off at the next opening.
 */
export function openJournal(folder: string): ClosableJournal {
  mkdirSync(folder, { recursive: true });
  return new FileJournal(folder);
}

/** A journal that belongs to one run of a node: a dead run cannot write any more. */
export interface ClosableJournal extends Journal {
  /** Whether nothing had been written when it was opened. */
  readonly isNew: boolean;
  /** Gives up the file; a later `append` throws. */
  close(): void;
}

class FileJournal implements ClosableJournal {
  readonly isNew: boolean;
  private fd: number | undefined;
  private readonly found: ReadonlyMap<string, unknown[]>;

  constructor(readonly folder: string) {
    const fd = openSync(join(folder, 'journal.jsonl'), 'a+');
    this.fd = fd;
    const whole = readFileSync(fd);
    const length = whole.lastIndexOf(0x0a) + 1;
    if (length < fstatSync(fd).size) ftruncateSync(fd, length);
    this.found = grouped(whole.subarray(0, length).toString('utf8'));
    this.isNew = length === 0;
  }

  append<K extends keyof JournalRecords>(kind: K, record: JournalRecords[K]): void {
    if (this.fd === undefined) throw new Error('this run of the node has ended');
    const line = Buffer.from(`${JSON.stringify([kind, record], toJson)}\n`);
    for (let done = 0; done < line.length;) done += writeSync(this.fd, line, done);
  }

  replay<K extends keyof JournalRecords>(kind: K): Iterable<JournalRecords[K]> {
    // The file is ours: nothing but `append` writes to it.
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
    return (this.found.get(kind) ?? []) as JournalRecords[K][];
  }

  close(): void {
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
  }
}

function grouped(text: string): Map<string, unknown[]> {
  const groups = new Map<string, unknown[]>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [kind, record] = asList(JSON.parse(line, fromJson));
    if (typeof kind !== 'string') throw new Error(`journal: ${line}, expected a kind and a record`);
    const group = groups.get(kind);
    if (group) group.push(record);
    else groups.set(kind, [record]);
  }
  return groups;
}

function asList(entry: unknown): unknown[] {
  return Array.isArray(entry) ? entry : [];
}

/** Keeps bytes and big integers, which JSON lacks. */
function toJson(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const raw = this[key];
  if (raw instanceof Uint8Array) return { $bytes: Buffer.from(raw).toString('base64') };
  if (typeof raw === 'bigint') return { $integer: String(raw) };
  return value;
}

function fromJson(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$bytes' in value) return Buffer.from(String(value.$bytes), 'base64');
  if ('$integer' in value) return BigInt(String(value.$integer));
  return value;
}
