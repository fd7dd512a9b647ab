import type { AcsProgress } from '../model/acs.js';
import { tooLarge } from './errors.js';
import { FrameReader } from './framing.js';
import { gunzipMember } from './gzip-member.js';

/**
 * The gzip chunks of one call, or of several that together export what one would: they are read one after another, each
 * begun when the one before has ended.
 */
export type ExportSource = AsyncIterable<Uint8Array> | readonly AsyncIterable<Uint8Array>[];

/** How to read an export. */
export interface ScanOptions {
  signal?: AbortSignal | undefined;
  /** Called once per inflated chunk, some hundred records: must be cheap. */
  onProgress?: ((progress: AcsProgress) => void) | undefined;
  /** More contracts than these are not read: whoever exports might send them without an end. */
  maxContracts?: number;
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
): AsyncGenerator<FrameReader, void, undefined> {
  const frames = new FrameReader();
  const received = { bytes: 0 };
  for (const call of Symbol.asyncIterator in source ? [source] : source) {
    for await (const chunk of gunzipMember(counted(call, received), signal)) {
      frames.feed(chunk);
      yield frames;
      if (frames.count > maxContracts) throw tooLarge(`more than ${maxContracts} contracts`);
      onProgress?.({ contractCount: frames.count, exportBytes: received.bytes });
    }
    frames.finish();
  }
  onProgress?.({ contractCount: frames.count, exportBytes: received.bytes });
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
