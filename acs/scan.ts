import type { AcsProgress } from '../model/acs.js';
import { tooLarge } from './errors.js';
import { FrameReader } from './framing.js';
import { gunzipMember } from './gzip-member.js';
import { ContractRecord } from './record.js';
import type { Selection } from './selection.js';

/** A part of an export. */
export interface ExportCall {
  /** One gzip member, or, if `isUnpacked`, the records as they stand in one. */
  chunks: AsyncIterable<Uint8Array>;
  isUnpacked?: boolean;
  /** Which of its contracts count; all if left out. */
  selection?: Selection;
}

/**
 * The gzip chunks of one call, or several parts that together are the export: they are read one after another, each
 * begun when the one before has ended.
 */
export type ExportSource = AsyncIterable<Uint8Array> | Iterable<ExportCall>;

/** How to read an export. */
export interface ScanOptions {
  signal?: AbortSignal | undefined;
  /** Called once per inflated chunk, some hundred records: must be cheap. */
  onProgress?: ((progress: AcsProgress) => void) | undefined;
  /** More contracts than these are not read: whoever exports might send them without an end. */
  maxContracts?: number;
}

/** Shows the records of an export that count, one after the other. */
export class ExportReader {
  readonly frames = new FrameReader();
  readonly record = new ContractRecord();
  /** Records shown so far. */
  count = 0;
  selection: Selection | undefined;

  /** Moves to the next record; false if the chunk has no more. Fails as `FrameReader` and `ContractRecord` do. */
  next(): boolean {
    while (this.frames.next()) {
      this.record.decode(this.frames);
      if (this.selection && !this.selection.keeps(this.record)) continue;
      this.count++;
      return true;
    }
    return false;
  }
}

/** Reads records that come one by one, each framed; shows the same record each time. */
export class ContractReader {
  private readonly frames = new FrameReader();
  private readonly record = new ContractRecord();

  /** Fails as `FrameReader` and `ContractRecord` do. */
  read(framed: Uint8Array): ContractRecord {
    this.frames.feed(framed);
    if (!this.frames.next()) this.frames.finish();
    this.record.decode(this.frames);
    return this.record;
  }
}

/**
 * Reads an export chunk by chunk.
 *
 * Yields the same reader each time, holding one more chunk: the caller shows all of its records with `next`
 * before asking for more. Other work of the event loop runs between chunks. Fails with `ExportTooLarge`.
 */
export async function* scanExport(
  source: ExportSource,
  { signal, onProgress, maxContracts = Infinity }: ScanOptions,
): AsyncGenerator<ExportReader, void, undefined> {
  const reader = new ExportReader();
  const { frames } = reader;
  const received = { bytes: 0 };
  const calls = Symbol.asyncIterator in source ? [{ chunks: source }] : source;
  for (const { chunks, isUnpacked, selection } of calls) {
    reader.selection = selection;
    const packed = counted(chunks, received);
    for await (const chunk of isUnpacked ? packed : gunzipMember(packed, signal)) {
      signal?.throwIfAborted();
      frames.feed(chunk);
      yield reader;
      if (reader.count > maxContracts) throw tooLarge(`more than ${maxContracts} contracts`);
      onProgress?.({ contractCount: reader.count, exportBytes: received.bytes });
    }
    frames.finish();
  }
  onProgress?.({ contractCount: reader.count, exportBytes: received.bytes });
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  received: { bytes: number },
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of source) {
    received.bytes += chunk.length;
    yield chunk;
  }
}
