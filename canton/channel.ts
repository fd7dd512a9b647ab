import { randomBytes } from 'node:crypto';

import {
  create,
  toBinary,
  type DescMessage,
  type DescMethodClientStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { Metadata, type CallOptions } from '@grpc/grpc-js';

import type { FailureType } from '../model/cures.js';
import type { FailureKind } from '../model/failure.js';
import { decode, itemsOf, readBy, type ItemField } from './answers.js';
import { deadlineMsOf, stallLimitsOf } from './deadlines.js';
import type { Endpoint, MethodName } from './endpoint.js';
import { CantonError, refused, toCantonError, type CallContext, type GrpcCode } from './errors.js';
import { readStream, withFirst, writeStream } from './streams.js';
import { CredentialFailure, lifeNote } from './token.js';
import { isTurnedAway, speaksTls } from './transport.js';

const asIs = (bytes: Buffer): Buffer => bytes;

interface Call {
  context: CallContext;
  path: string;
  metadata: Metadata;
  options: CallOptions;
  token: string | undefined;
}

/**
 * Calls of one API of a participant, each let out by `admit`. Every failure is a `CantonError`, that of
 * `admit`, or the reason of an abort.
 */
export class Channel {
  constructor(
    private readonly endpoint: Endpoint,
    private readonly admit: (method: MethodName) => Promise<void> = () => Promise.resolve(),
  ) {}

  /** What errors call the participant. */
  get participant(): string {
    return this.endpoint.participant;
  }

  /** Repeated once if the participant does not accept the token and there is another one. */
  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    { deadlineMs }: { deadlineMs?: number } = {},
  ): Promise<MessageShape<O>> {
    const { answer, context } = await this.asked(method, request, deadlineMs);
    return decode(method, answer, context);
  }

  /**
   * The same of an answer that is one long list, whose items come one by one: as messages they take several
   * times their size.
   */
  async *unaryItems<I extends DescMessage, O extends DescMessage, Item extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    field: ItemField & { schema: Item },
  ): AsyncGenerator<MessageShape<Item>, void, undefined> {
    const { answer, context } = await this.asked(method, request);
    yield* itemsOf(method, answer, field, context);
  }

  private async asked<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    deadlineMs?: number,
  ): Promise<{ answer: Buffer; context: CallContext }> {
    const bytes = this.encode(method.input, request, this.endpoint.contextOf(method));
    for (let isRepeated = false; ; isRepeated = true) {
      const call = await this.prepare(method, deadlineMs);
      try {
        return { answer: await this.ask(bytes, call), context: call.context };
      } catch (error) {
        const hasOther = await this.discardToken(error, call);
        if (isRepeated || !hasOther) throw await this.explained(error, call);
      }
    }
  }

  /**
   * Reads one answer at a time: a slow reader slows the participant. Leaving the loop cancels the call.
   *
   * Repeated once, before the first answer, like {@link unary}.
   */
  async *serverStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    options: { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    const read = (bytes: Uint8Array, context: CallContext) => decode(method, bytes, context);
    for await (const answers of this.readAnswers(method, request, { ...options, read })) yield* answers;
  }

  /** The same of answers that are read by hand, all that are there at once: `read` gets their bytes. */
  async *rawStream<I extends DescMessage, O extends DescMessage, Answer>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    options: { signal?: AbortSignal | undefined; read: (bytes: Uint8Array) => Answer },
  ): AsyncGenerator<Answer[], void, undefined> {
    const read = (bytes: Uint8Array, context: CallContext) =>
      readBy(method, bytes, { read: options.read, context });
    yield* this.readAnswers(method, request, { signal: options.signal, read });
  }

  private async *readAnswers<I extends DescMessage, O extends DescMessage, Answer>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    {
      signal,
      read,
    }: {
      signal?: AbortSignal | undefined;
      read: (bytes: Uint8Array, context: CallContext) => Answer;
    },
  ): AsyncGenerator<Answer[], void, undefined> {
    const bytes = this.encode(method.input, request, this.endpoint.contextOf(method));
    for (let isRepeated = false, isBegun = false; ; isRepeated = true) {
      signal?.throwIfAborted();
      const call = await this.prepare(method);
      signal?.throwIfAborted();
      const { path, metadata, options, context } = call;
      const stream = this.endpoint.client.makeServerStreamRequest(
        path,
        asIs,
        asIs,
        bytes,
        metadata,
        options,
      );
      try {
        const limits = stallLimitsOf(method.name, method.parent.typeName);
        for await (const answers of readStream(stream, { context, limits, signal })) {
          isBegun = true;
          yield answers.map((answer) => read(answer, context));
        }
        return;
      } catch (error) {
        const hasOther = await this.discardToken(error, call);
        if (isBegun || isRepeated || !hasOther) throw await this.explained(error, call);
      }
    }
  }

  /**
   * Sends one message at a time, as fast as the participant takes them; resolves with its answer.
   *
   * Messages cannot be sent twice: if the participant does not accept the token and there is another one, the
   * failure is transient, and the step that is tried again begins with calls that show whether that one is
   * good.
   */
  async clientStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodClientStreaming<I, O>,
    messages: AsyncIterable<MessageInitShape<I>>,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<MessageShape<O>> {
    signal?.throwIfAborted();
    const encode = (message: MessageInitShape<I>) =>
      this.encode(method.input, message, this.endpoint.contextOf(method));
    const produced = mapAsync(messages, encode);
    try {
      // The first message is there before the call is let out: nothing that takes long comes between the two.
      const ready = await withFirst(produced, signal);
      const call = await this.prepare(method);
      signal?.throwIfAborted();
      return await this.upload(method, ready, call, signal);
    } finally {
      // Not awaited: it may be stuck in the message that nobody waits for any more.
      produced.return(undefined).catch(() => undefined);
    }
  }

  private async upload<I extends DescMessage, O extends DescMessage>(
    method: DescMethodClientStreaming<I, O>,
    messages: AsyncGenerator<Buffer, void, undefined>,
    call: Call,
    signal: AbortSignal | undefined,
  ): Promise<MessageShape<O>> {
    const { context, path, metadata, options } = call;
    const { client } = this.endpoint;
    try {
      const answer = await writeStream({
        start: (done) => client.makeClientStreamRequest(path, asIs, asIs, metadata, options, done),
        messages,
        context,
        limits: stallLimitsOf(method.name, method.parent.typeName),
        signal,
      });
      return decode(method, answer, context);
    } catch (error) {
      if (!(await this.discardToken(error, call))) throw await this.explained(error, call);
      const cause = `${context.credential} is no longer accepted, and is replaced from now on`;
      throw this.failure(context, { kind: 'transient', type: 'TokenReplaced', cause });
    }
  }

  close(): void {
    this.endpoint.close();
  }

  /** Returns the failure of a call whose answer is of no use, or that must not be made. */
  refuse(method: MethodName, cause: string, errorId?: string): CantonError {
    return refused(this.endpoint.contextOf(method), cause, errorId ? { errorId } : {});
  }

  private async prepare(method: MethodName, deadlineMs = deadlineMsOf(method.name)): Promise<Call> {
    const context = this.endpoint.contextOf(method, randomBytes(16).toString('hex'));
    const token = await this.tokenFor(context);
    const metadata = new Metadata();
    // Without it a redacted error leads nowhere. Source: W3C Trace Context; admin-api 3.1.
    metadata.set('traceparent', `00-${context.traceId}-${randomBytes(8).toString('hex')}-01`);
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
    // Last, so that nothing else happens between the proof and the call.
    await this.admit(method);
    return {
      context: { ...context, credential: `${context.credential}${lifeNote(token)}` },
      path: `/${method.parent.typeName}/${method.name}`,
      metadata,
      options: deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs },
      token,
    };
  }

  private async tokenFor(context: CallContext): Promise<string | undefined> {
    try {
      return await this.endpoint.credential.token();
    } catch (error) {
      if (!(error instanceof CredentialFailure)) throw error;
      const { kind, type, message: cause } = error;
      throw this.failure(context, { kind, type, cause });
    }
  }

  private failure(
    context: CallContext,
    fields: { kind: FailureKind; type: FailureType; cause: string; code?: GrpcCode },
  ): CantonError {
    return new CantonError({ code: 'UNAUTHENTICATED', ...context, ...fields });
  }

  /** Tells plain text that is spoken to a server with TLS from a node that is down. */
  private async explained(error: unknown, { context }: Call): Promise<unknown> {
    if (this.endpoint.options.tls || !isTurnedAway(error) || !(await speaksTls(context.address)))
      return error;
    const cause = 'what answers there speaks TLS, and tls is not configured';
    return this.failure(context, { kind: 'refused', type: 'TlsRequired', cause, code: 'UNAVAILABLE' });
  }

  /** Gives up the token of a call that failed for it alone; returns whether there is another one. */
  private async discardToken(error: unknown, { token }: Call): Promise<boolean> {
    if (!(error instanceof CantonError) || error.code !== 'UNAUTHENTICATED') return false;
    return token !== undefined && error.type === undefined && this.endpoint.credential.discard(token);
  }

  private ask(bytes: Buffer, { path, metadata, options, context }: Call): Promise<Buffer> {
    return new Promise<Buffer>((resolve, reject) => {
      this.endpoint.client.makeUnaryRequest(
        path,
        asIs,
        asIs,
        bytes,
        metadata,
        options,
        (error, value) => {
          if (error) reject(toCantonError(error, context));
          else resolve(value ?? Buffer.alloc(0));
        },
      );
    });
  }

  private encode<I extends DescMessage>(
    schema: I,
    message: MessageInitShape<I>,
    context: CallContext,
  ): Buffer {
    const bytes = toBinary(schema, create(schema, message));
    const { sendLimitBytes } = this.endpoint;
    if (bytes.length > sendLimitBytes) {
      const cause = `a request of ${bytes.length} bytes, the limit is ${sendLimitBytes}`;
      throw refused(context, cause, { code: 'RESOURCE_EXHAUSTED' });
    }
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

async function* mapAsync<T, U>(
  values: AsyncIterable<T>,
  map: (value: T) => U,
): AsyncGenerator<U, void, undefined> {
  for await (const value of values) yield map(value);
}
