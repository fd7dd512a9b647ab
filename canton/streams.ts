import type { ClientReadableStream, ClientWritableStream, ServiceError } from '@grpc/grpc-js';

import { toCantonError, type CallContext } from './errors.js';

/**
 * Yields what the call receives, no faster than it is taken.
 *
 * Throws after the last message if the call did not end with OK, and at once with the reason of an abort.
 */
export async function* readStream(
  call: ClientReadableStream<Buffer>,
  context: CallContext,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  const cancel = () => call.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    for await (const message of call as AsyncIterable<Buffer>) {
      // What arrived before the abort is still in the buffer of the stream.
      signal?.throwIfAborted();
      yield message;
    }
    signal?.throwIfAborted();
  } catch (error) {
    throw signal?.aborted ? signal.reason : toCantonError(error, context);
  } finally {
    signal?.removeEventListener('abort', cancel);
    // Harmless after the end; without it a reader that leaves early keeps the participant busy.
    call.on('error', () => undefined);
    call.cancel();
  }
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

interface Upload {
  start: (done: (error: ServiceError | null, answer?: Buffer) => void) => ClientWritableStream<Buffer>;
  messages: AsyncGenerator<Buffer, void, undefined>;
  context: CallContext;
  signal: AbortSignal | undefined;
}

/**
 * Sends the messages, each when the one before left this process, and resolves with the answer.
 *
 * A failure of the participant or an abort ends it at once, even while the next message is being produced. A
 * failure of the producer cancels the call and is thrown as it is.
 */
export async function writeStream({ start, messages, context, signal }: Upload): Promise<Buffer> {
  let call: ClientWritableStream<Buffer> | undefined;
  const answered = new Promise<Buffer>((resolve, reject) => {
    call = start((error, answer) => {
      if (error) reject((signal?.aborted ? signal.reason : toCantonError(error, context)) as Error);
      else resolve(answer ?? Buffer.alloc(0));
    });
  });
  // Whoever awaits first gets the failure; until then nobody may be listening.
  answered.catch(() => undefined);
  const stream = call as ClientWritableStream<Buffer>;
  const cancel = () => stream.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    await sendAll(stream, messages, answered);
    return await answered;
  } finally {
    signal?.removeEventListener('abort', cancel);
    stream.cancel();
  }
}

async function sendAll(
  stream: ClientWritableStream<Buffer>,
  messages: AsyncGenerator<Buffer>,
  answered: Promise<Buffer>,
): Promise<void> {
  const isOver = answered.then(() => undefined);
  isOver.catch(() => undefined);
  for (;;) {
    const next = await Promise.race([messages.next(), isOver]);
    // An answer before the end: the participant wants no more.
    if (!next) return;
    if (next.done) break;
    const { value } = next;
    // The callback comes when the transport took the message, which is later than `drain`: one message in memory.
    await Promise.race([new Promise<void>((resolve) => stream.write(value, () => resolve())), isOver]);
  }
  stream.end();
}
