import { createHash, type Hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

import type { FailureType } from '../model/cures.js';
import type { FailureKind } from '../model/failure.js';
import type { Listed, StoredList } from '../model/listed.js';
import { isStored } from '../model/listed.js';
import { PARTY_VIEWS, type PartyView } from '../model/plan-parties.js';
import type { PlannedParty } from '../model/plan.js';

/** Bytes as they come: a long list is never in memory as one text. */
export type Chunks = AsyncIterable<Uint8Array>;

export interface Content {
  /** Of all chunks. */
  byteLength: number;
  chunks: Chunks;
}

/** Where bytes are kept by a name, mostly their SHA-256: a folder, or a bucket that several workers share. */
export interface BlobStore {
  /** Safe to repeat. What has the name already is replaced as a whole. */
  put(name: string, content: Content): Promise<void>;
  /** Undefined if nothing is there. */
  get(name: string): Promise<Chunks | undefined>;
}

/** Longer lists are stored: some hundred parties. */
const INLINE_BYTES = 16_384;

const SHA_256 = /^[0-9a-f]{64}$/;

/** Items that are written, or looked at, at once; heartbeats go out between them. */
const ITEMS_AT_ONCE = 500;

/**
 * Keeps long lists outside of Temporal, so that payloads and histories do not grow with the number of
 * parties.
 */
export class ListStore {
  constructor(
    private readonly blobs: BlobStore,
    private readonly inlineBytes = INLINE_BYTES,
  ) {}

  /** Returns the list as it may travel: itself while it is short. It is written twice, first for its name. */
  async keep<T>(items: readonly T[]): Promise<Listed<T>> {
    const hash = createHash('sha256');
    let byteLength = 0;
    let characters = 0;
    for await (const chunk of chunksOf(items, (length) => (characters += length))) {
      hash.update(chunk);
      byteLength += chunk.length;
    }
    if (characters <= this.inlineBytes) return items;
    const storedList = hash.digest('hex');
    await this.blobs.put(storedList, { byteLength, chunks: chunksOf(items) });
    return { storedList, count: items.length };
  }

  /** Returns the items. Fails if they are not in the store, or are not what was stored. */
  async read<T>(list: Listed<T>): Promise<readonly T[]> {
    if (!isStored(list)) return list;
    const all: T[] = [];
    for await (const items of this.pages<T>(list)) for (const item of items) all.push(item);
    return all;
  }

  /**
   * Yields the items, some hundred at a time. Fails as {@link read} does: of a damaged list, after pages that
   * are not to be trusted.
   */
  private async *pages<T>(list: Listed<T>): AsyncGenerator<readonly T[], void, undefined> {
    if (!isStored(list)) return yield list;
    const { storedList, view } = list;
    if (view !== undefined && !Object.hasOwn(PARTY_VIEWS, view))
      throw missing(list, `has no view ${view}`);
    const seen = (items: unknown[]) =>
      (view === undefined
        ? items
        : PARTY_VIEWS[view as PartyView](items as PlannedParty[])) as readonly T[];
    const content = SHA_256.test(storedList) ? await this.blobs.get(storedList) : undefined;
    if (!content) throw missing(list, 'is not in the list store');
    const hash = createHash('sha256');
    for await (const lines of linesOf(content, hash)) {
      const page = parsed(lines, seen);
      // Whatever has the right name is a list that was stored.
      if (!page) throw missing(list, 'is damaged in the list store');
      yield page;
    }
    if (hash.digest('hex') !== storedList) throw missing(list, 'is damaged in the list store');
  }

  /** Returns the value with the items of every list in it, however deep. */
  async resolve(value: unknown): Promise<unknown> {
    if (isStored(value)) return this.read(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const entries = Object.entries(value).map(
      async ([key, inner]) => [key, await this.resolve(inner)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }
}

/** Bytes that are there already. */
export function contentOf(bytes: Uint8Array): Content {
  async function* chunks() {
    yield bytes;
  }
  return { byteLength: bytes.length, chunks: chunks() };
}

/** Failure: a list cannot be read or kept, or is not what it should be. */
export class UnusableList extends Error {
  override readonly name = 'UnusableList';
  readonly kind: FailureKind;

  constructor(
    readonly type: FailureType,
    message: string,
    { cause, kind = 'refused' }: { cause?: unknown; kind?: FailureKind } = {},
  ) {
    super(message, { cause });
    this.kind = kind;
  }
}

function missing({ storedList }: StoredList, what: string): UnusableList {
  return new UnusableList(
    'ListMissing',
    `the list ${storedList} ${what}: expected the store that it was written to, shared by every worker and client`,
  );
}

async function* chunksOf(
  items: readonly unknown[],
  note: (characters: number) => void = () => undefined,
): Chunks {
  for (let at = 0; at < items.length; at += ITEMS_AT_ONCE) {
    let text = '';
    for (const item of items.slice(at, at + ITEMS_AT_ONCE)) {
      const line = JSON.stringify(item);
      note(line.length);
      text += `${line}\n`;
    }
    yield Buffer.from(text);
    await setImmediate();
  }
}

/** Yields the lines of a text, some hundred at a time, and hashes its bytes. */
async function* linesOf(
  content: Chunks,
  hash: Hash,
): AsyncGenerator<readonly string[], void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of content) {
    hash.update(chunk);
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (let at = 0; at < lines.length; at += ITEMS_AT_ONCE) yield lines.slice(at, at + ITEMS_AT_ONCE);
    await setImmediate();
  }
  if (rest !== '') yield [rest];
}

/** Nothing if these are not the lines of a list. */
function parsed<T>(
  lines: readonly string[],
  seen: (items: unknown[]) => readonly T[],
): readonly T[] | undefined {
  try {
    return seen(lines.map((line) => JSON.parse(line) as unknown));
  } catch {
    return undefined;
  }
}
