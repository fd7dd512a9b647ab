import { randomBytes } from 'node:crypto';

import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type DescMethodClientStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { Client, Metadata, type CallOptions, type ClientOptions } from '@grpc/grpc-js';

import type { FailureKind } from '../model/failure.js';
import { ConnectionWatch } from './connection.js';
import { credentialOf, type CredentialOptions } from './credentials.js';
import { deadlineMsOf } from './deadlines.js';
import { CantonError, refused, toCantonError, type CallContext, type GrpcCode } from './errors.js';
import { readStream, writeStream } from './streams.js';
import { CredentialFailure, lifeNote, type Credential } from './token.js';
import { channelCredentials, isTurnedAway, speaksTls, type TlsOptions } from './transport.js';

/** How to reach one API of a participant. A token is sent as `authorization: Bearer`. */
export interface ChannelOptions extends CredentialOptions {
  /** `host:port`. */
  address: string;
  /** Absent: plain text. */
  tls?: TlsOptions;
  /** Largest request, to be raised with the node's `max-inbound-message-size`. Default 10 MiB, as Canton's. */
  sendLimitBytes?: number;
}

const MIB = 1024 * 1024;

// Canton's server allows a ping every 20 s and answers more with GOAWAY. Source: facts 4.1.
const CLIENT_OPTIONS: ClientOptions = {
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 20_000,
  'grpc.keepalive_permit_without_calls': 0,
  'grpc.max_receive_message_length': 64 * MIB,
  'grpc.max_send_message_length': -1,
  // Retries belong to Temporal, and their buffer would hide the back-pressure of a stream.
  'grpc.enable_retries': 0,
  // A connection that another client opened would stand without having been seen to.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.per_rpc_retry_buffer_size': 0,
  'grpc.initial_reconnect_backoff_ms': 500,
  'grpc.max_reconnect_backoff_ms': 10_000,
};

const asIs = (bytes: Buffer): Buffer => bytes;

/** A method as far as it is named. */
export interface MethodName {
  name: string;
  parent: { name: string; typeName: string };
}

interface Call {
  context: CallContext;
  path: string;
  metadata: Metadata;
  options: CallOptions;
  token: string | undefined;
}

/** One connection to one API of a participant. Every failure is a `CantonError`, or the reason of an abort. */
export class Channel {
  private readonly client: Client;
  private readonly credential: Credential;
  private readonly sendLimitBytes: number;
  private readonly watch: ConnectionWatch;
  private admit: (method: MethodName) => Promise<void> = () => Promise.resolve();

  constructor(
    readonly participant: string,
    private readonly options: ChannelOptions,
  ) {
    this.sendLimitBytes = options.sendLimitBytes ?? 10 * MIB;
    this.credential = credentialOf(options);
    this.client = new Client(options.address, channelCredentials(options.tls), {
      ...CLIENT_OPTIONS,
      ...(options.tls?.serverName && {
        'grpc.ssl_target_name_override': options.tls.serverName,
        'grpc.default_authority': options.tls.serverName,
      }),
    });
    this.watch = new ConnectionWatch(this.client);
  }

  /** The connection that stands now, another symbol for each; nothing while there is none. */
  get connection(): symbol | undefined {
    return this.watch.current;
  }

  /** Lets no call out before `admit` has returned; its failure is that of the call. */
  guardedBy(admit: (method: MethodName) => Promise<void>): void {
    this.admit = admit;
  }

  /** Repeated once if the participant does not accept the token and there is another one. */
  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    { deadlineMs }: { deadlineMs?: number } = {},
  ): Promise<MessageShape<O>> {
    const bytes = this.encode(method.input, request, this.contextOf(method));
    for (let isRepeated = false; ; isRepeated = true) {
      const call = await this.prepare(method, deadlineMs);
      try {
        return await this.ask(method, bytes, call);
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
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    const bytes = this.encode(method.input, request, this.contextOf(method));
    for (let isRepeated = false, isBegun = false; ; isRepeated = true) {
      signal?.throwIfAborted();
      const call = await this.prepare(method);
      signal?.throwIfAborted();
      const { path, metadata, options, context } = call;
      const stream = this.client.makeServerStreamRequest(path, asIs, asIs, bytes, metadata, options);
      try {
        for await (const answer of readStream(stream, context, signal)) {
          isBegun = true;
          yield decode(method.output, answer, context);
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
   * failure is transient, and the step that is tried again begins with calls that show whether that one is good.
   */
  async clientStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodClientStreaming<I, O>,
    messages: AsyncIterable<MessageInitShape<I>>,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<MessageShape<O>> {
    signal?.throwIfAborted();
    const call = await this.prepare(method);
    signal?.throwIfAborted();
    const { context, path, metadata, options } = call;
    try {
      const answer = await writeStream({
        start: (done) => this.client.makeClientStreamRequest(path, asIs, asIs, metadata, options, done),
        messages: mapAsync(messages, (message) => this.encode(method.input, message, context)),
        context,
        signal,
      });
      return decode(method.output, answer, context);
    } catch (error) {
      if (!(await this.discardToken(error, call))) throw await this.explained(error, call);
      const cause = `${context.credential} is no longer accepted, and is replaced from now on`;
      throw this.failure(context, { kind: 'transient', type: 'TokenReplaced', cause });
    }
  }

  close(): void {
    this.client.close();
    this.credential.close();
  }

  /** Returns the failure of a call whose answer is of no use, or that must not be made. */
  refuse(method: MethodName, cause: string, errorId?: string): CantonError {
    return refused(this.contextOf(method), cause, errorId ? { errorId } : {});
  }

  /** Where a call of this method goes, for its failure. */
  contextOf(method: MethodName, traceId = ''): CallContext {
    return {
      participant: this.participant,
      api: method.parent.typeName.startsWith('com.daml.ledger.api.') ? 'Ledger API' : 'Admin API',
      address: this.options.address,
      credential: this.credential.description,
      method: `${method.parent.name}/${method.name}`,
      traceId,
    };
  }

  private async prepare(method: MethodName, deadlineMs = deadlineMsOf(method.name)): Promise<Call> {
    const context = this.contextOf(method, randomBytes(16).toString('hex'));
    const token = await this.tokenFor(context);
    const metadata = new Metadata();
    // Without it a redacted error leads nowhere. Source: W3C trace context; facts 3.1.
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
      return await this.credential.token();
    } catch (error) {
      if (!(error instanceof CredentialFailure)) throw error;
      const { kind, type, message: cause } = error;
      throw this.failure(context, { kind, type, cause });
    }
  }

  private failure(
    context: CallContext,
    fields: { kind: FailureKind; type: string; cause: string; code?: GrpcCode },
  ): CantonError {
    return new CantonError({ code: 'UNAUTHENTICATED', ...context, ...fields });
  }

  /** Tells plain text that is spoken to a server with TLS from a node that is down. */
  private async explained(error: unknown, { context }: Call): Promise<unknown> {
    if (this.options.tls || !isTurnedAway(error) || !(await speaksTls(context.address))) return error;
    const cause = 'what answers there speaks TLS, and tls is not configured';
    return this.failure(context, { kind: 'refused', type: 'TlsRequired', cause, code: 'UNAVAILABLE' });
  }

  /** Gives up the token of a call that failed for it alone; returns whether there is another one. */
  private async discardToken(error: unknown, { token }: Call): Promise<boolean> {
    if (!(error instanceof CantonError) || error.code !== 'UNAUTHENTICATED') return false;
    return token !== undefined && error.type === undefined && this.credential.discard(token);
  }

  private async ask<I extends DescMessage, O extends DescMessage>(
    { output }: DescMethodUnary<I, O>,
    bytes: Buffer,
    { path, metadata, options, context }: Call,
  ): Promise<MessageShape<O>> {
    const answer = await new Promise<Buffer>((resolve, reject) => {
      this.client.makeUnaryRequest(path, asIs, asIs, bytes, metadata, options, (error, value) => {
        if (error) reject(toCantonError(error, context));
        else resolve(value ?? Buffer.alloc(0));
      });
    });
    return decode(output, answer, context);
  }

  private encode<I extends DescMessage>(
    schema: I,
    message: MessageInitShape<I>,
    context: CallContext,
  ): Buffer {
    const bytes = toBinary(schema, create(schema, message));
    if (bytes.length > this.sendLimitBytes) {
      const cause = `a request of ${bytes.length} bytes, the limit is ${this.sendLimitBytes}`;
      throw refused(context, cause, { code: 'RESOURCE_EXHAUSTED' });
    }
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

function decode<O extends DescMessage>(
  schema: O,
  bytes: Uint8Array,
  context: CallContext,
): MessageShape<O> {
  try {
    return fromBinary(schema, bytes);
  } catch (error) {
    throw refused(context, `cannot be read as ${schema.typeName}: ${String(error)}`);
  }
}

async function* mapAsync<T, U>(values: AsyncIterable<T>, map: (value: T) => U): AsyncGenerator<U> {
  for await (const value of values) yield map(value);
}
