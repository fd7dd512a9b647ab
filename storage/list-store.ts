import { createHash } from 'node:crypto';

import type { FailureType } from '../model/cures.js';
import type { FailureKind } from '../model/failure.js';
import type { Listed, StoredList } from '../model/listed.js';
import { isStored } from '../model/listed.js';
import { PARTY_VIEWS, type PartyView } from '../model/plan-parties.js';
import type { PlannedParty } from '../model/plan.js';

/** Where bytes are kept by their SHA-256: a folder, or a bucket that several workers share. */
export interface BlobStore {
  /** Safe to repeat: the same name means the same bytes. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Undefined if nothing is there. */
  get(name: string): Promise<Uint8Array | undefined>;
}

/** Longer lists are stored: some hundred parties. */
const INLINE_BYTES = 16_384;

const SHA_256 = /^[0-9a-f]{64}$/;

/** Keeps long lists outside of Temporal, so that payloads and histories do not grow with the number of parties. */
export class ListStore {
  constructor(
    private readonly blobs: BlobStore,
    private readonly inlineBytes = INLINE_BYTES,
  ) {}

  /** Returns the list as it may travel: itself while it is short. */
  async keep<T>(items: readonly T[]): Promise<Listed<T>> {
    const lines = items.map((item) => JSON.stringify(item));
    const bytes = lines.reduce((sum, line) => sum + line.length, 0);
    if (bytes <= this.inlineBytes) return items;
    const content = Buffer.from(`${lines.join('\n')}\n`);
    const storedList = sha256(content);
    await this.blobs.put(storedList, content);
    return { storedList, count: items.length };
  }

  /** Returns the items. Fails if they are not in the store, or are not what was stored. */
  async read<T>(list: Listed<T>): Promise<readonly T[]> {
    if (!isStored(list)) return list;
    const { storedList, view } = list;
    const content = SHA_256.test(storedList) ? await this.blobs.get(storedList) : undefined;
    if (!content) throw missing(list, 'is not in the list store');
    if (sha256(content) !== storedList) throw missing(list, 'is damaged in the list store');
    const items = linesOf(Buffer.from(content)).map((line) => JSON.parse(line) as unknown);
    if (view === undefined) return items as T[];
    if (!Object.hasOwn(PARTY_VIEWS, view)) throw missing(list, `has no view ${view}`);
    return PARTY_VIEWS[view as PartyView](items as PlannedParty[]) as T[];
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

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function linesOf(content: Buffer): string[] {
  const text = content.toString('utf8');
  return text === '' ? [] : text.trimEnd().split('\n');
}
