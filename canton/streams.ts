import type { ClientReadableStream, ClientWritableStream, ServiceError } from '@grpc/grpc-js';

import type { StallLimits } from './deadlines.js';
import { toCantonError, type CallContext } from './errors.js';
import { StallWatch } from './stall.js';

/** What a stream is read or written for. */
interface StreamOptions {
  context: CallContext;
  limits: StallLimits;
  signal: AbortSignal | undefined;
}

/**
 * Yields what the call receives, no faster than it is taken: all that is there at once, so that a million short messages are
 * not as many turns of the event loop.
 *
 * Throws after the last message if the call did not end with OK, at once with the reason of an abort, and with
 * `StreamStalled` if nothing came for longer than the limit while the reader was waiting. An empty message is nothing.
 */
export async function* readStream(
  call: ClientReadableStream<Buffer>,
  { context, limits, signal }: StreamOptions,
): AsyncGenerator<Buffer[], void, undefined> {
  const cancel = () => call.cancel();
  const watch = new StallWatch(context, limits, cancel);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    watch.begin('message');
    for await (const messages of arrivals(call)) {
      // What arrived before the abort is still in the buffer of the stream.
      signal?.throwIfAborted();
      const isSomething = messages.some(({ length }) => length > 0);
      if (isSomething) watch.rest();
      yield messages;
      if (isSomething) watch.begin('message');
    }
    signal?.throwIfAborted();
  } catch (error) {
    throw signal?.aborted ? signal.reason : (watch.failure ?? toCantonError(error, context));
  } finally {
    watch.close();
    signal?.removeEventListener('abort', cancel);
    // Harmless after the end; without it a reader that leaves early keeps the participant busy.
    call.cancel();
  }
}

/** Yields the messages that wait in the stream, together. Throws as the stream does, after the last of them. */
async function* arrivals(call: ClientReadableStream<Buffer>): AsyncGenerator<Buffer[], void, undefined> {
  let ended: { error?: Error } | undefined;
  let wake: () => void = () => undefined;
  const end = (error?: Error) => {
    ended ??= error ? { error } : {};
    wake();
  };
  call.on('readable', () => wake());
  call.on('end', () => end());
  // Whoever reads gets it; one that nobody listens to would end the process.
  call.on('error', end);
  for (;;) {
    const messages: Buffer[] = [];
    for (let next = read(call); next; next = read(call)) messages.push(next);
    if (messages.length > 0) yield messages;
    else if (ended?.error) throw ended.error;
    else if (ended) return;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}

function read(call: ClientReadableStream<Buffer>): Buffer | null {
  return call.read();
}

/** Returns the same messages once the first of them has been produced; an abort ends the wait. */
export async function withFirst<T>(
  messages: AsyncGenerator<T, void, undefined>,
  signal: AbortSignal | undefined,
): Promise<AsyncGenerator<T, void, undefined>> {
  let abort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', abort, { once: true });
  });
  aborted.catch(() => undefined);
  try {
    const first = await Promise.race([messages.next(), aborted]);
    return (async function* () {
      if (first.done) return;
      yield first.value;
      yield* messages;
    })();
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

interface Upload extends StreamOptions {
  start: (done: (error: ServiceError | null, answer?: Buffer) => void) => ClientWritableStream<Buffer>;
  messages: AsyncGenerator<Buffer, void, undefined>;
}

/**
 * Sends the messages, each when the one before left this process, and resolves with the answer.
 *
 * A failure of the participant or an abort ends it at once, even while the next message is being produced. A
 * failure of the producer cancels the call and is thrown as it is. Fails with `StreamStalled` if a message is not
 * taken, or no answer comes, within the limits.
 */
export async function writeStream(upload: Upload): Promise<Buffer> {
  const { start, messages, context, limits, signal } = upload;
  let call: ClientWritableStream<Buffer> | undefined;
  const cancel = () => call?.cancel();
  const watch = new StallWatch(context, limits, cancel);
  const answered = new Promise<Buffer>((resolve, reject) => {
    call = start((error, answer) => {
      if (!error) resolve(answer ?? Buffer.alloc(0));
      else if (signal?.aborted) reject(signal.reason as Error);
      else reject(watch.failure ?? toCantonError(error, context));
    });
  });
  // Whoever awaits first gets the failure; until then nobody may be listening.
  answered.catch(() => undefined);
  const stream = call as ClientWritableStream<Buffer>;
  // Its failures come with the answer; one that nobody listens to would end the process.
  stream.on('error', () => undefined);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    await sendAll(stream, messages, { answered, watch });
    watch.begin('answer');
    return await answered;
  } finally {
    watch.close();
    signal?.removeEventListener('abort', cancel);
    stream.cancel();
  }
}

async function sendAll(
  stream: ClientWritableStream<Buffer>,
  messages: AsyncGenerator<Buffer>,
  { answered, watch }: { answered: Promise<Buffer>; watch: StallWatch },
): Promise<void> {
  const isOver = answered.then(() => undefined);
  isOver.catch(() => undefined);
  for (;;) {
    const next = await Promise.race([messages.next(), isOver]);
    // An answer before the end: the participant wants no more.
    if (!next) return;
    if (next.done) break;
    const { value } = next;
    watch.begin('taken');
    // The callback comes when the transport took the message, which is later than `drain`: one message in memory.
    await Promise.race([new Promise<void>((resolve) => stream.write(value, () => resolve())), isOver]);
    watch.rest();
  }
  stream.end();
}
