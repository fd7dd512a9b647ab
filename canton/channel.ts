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
import { Client, credentials, Metadata, type CallOptions, type ClientOptions } from '@grpc/grpc-js';

import { deadlineMsOf } from './deadlines.js';
import { refused, toCantonError, type CallContext, type CantonError } from './errors.js';
import { readStream, writeStream } from './streams.js';

/** How to reach one API of a participant. */
export interface ChannelOptions {
  /** `host:port`. */
  address: string;
  /** Present: TLS. Certificates and keys are PEM; without a CA the system's are used. */
  tls?: { ca?: Uint8Array; cert?: Uint8Array; key?: Uint8Array; serverName?: string };
  /** Sent as `authorization: Bearer`. */
  token?: string;
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
  'grpc.per_rpc_retry_buffer_size': 0,
  'grpc.initial_reconnect_backoff_ms': 500,
  'grpc.max_reconnect_backoff_ms': 10_000,
};

const asIs = (bytes: Buffer): Buffer => bytes;

interface MethodName {
  name: string;
  parent: { name: string; typeName: string };
}

interface Call {
  context: CallContext;
  path: string;
  metadata: Metadata;
  options: CallOptions;
}

/** One connection to one API of a participant. Every failure is a `CantonError`, or the reason of an abort. */
export class Channel {
  private readonly client: Client;
  private readonly sendLimitBytes: number;

  constructor(
    readonly participant: string,
    private readonly options: ChannelOptions,
  ) {
    this.sendLimitBytes = options.sendLimitBytes ?? 10 * MIB;
    this.client = new Client(options.address, channelCredentials(options), {
      ...CLIENT_OPTIONS,
      ...(options.tls?.serverName && {
        'grpc.ssl_target_name_override': options.tls.serverName,
        'grpc.default_authority': options.tls.serverName,
      }),
    });
  }

  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    { deadlineMs }: { deadlineMs?: number } = {},
  ): Promise<MessageShape<O>> {
    const call = this.prepare(method, deadlineMs);
    const bytes = this.encode(method.input, request, call.context);
    const answer = await new Promise<Buffer>((resolve, reject) => {
      this.client.makeUnaryRequest(
        call.path,
        asIs,
        asIs,
        bytes,
        call.metadata,
        call.options,
        (error, value) => {
          if (error) reject(toCantonError(error, call.context));
          else resolve(value ?? Buffer.alloc(0));
        },
      );
    });
    return decode(method.output, answer, call.context);
  }

  /** Reads one answer at a time: a slow reader slows the participant. Leaving the loop cancels the call. */
  async *serverStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<MessageShape<O>, void, undefined> {
    signal?.throwIfAborted();
    const { context, path, metadata, options } = this.prepare(method);
    const bytes = this.encode(method.input, request, context);
    const call = this.client.makeServerStreamRequest(path, asIs, asIs, bytes, metadata, options);
    for await (const answer of readStream(call, context, signal))
      yield decode(method.output, answer, context);
  }

  /** Sends one message at a time, as fast as the participant takes them; resolves with its answer. */
  async clientStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodClientStreaming<I, O>,
    messages: AsyncIterable<MessageInitShape<I>>,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<MessageShape<O>> {
    signal?.throwIfAborted();
    const { context, path, metadata, options } = this.prepare(method);
    const answer = await writeStream({
      start: (done) => this.client.makeClientStreamRequest(path, asIs, asIs, metadata, options, done),
      messages: mapAsync(messages, (message) => this.encode(method.input, message, context)),
      context,
      signal,
    });
    return decode(method.output, answer, context);
  }

  close(): void {
    this.client.close();
  }

  /** Returns the failure of a call whose answer is of no use, or that must not be made. */
  refuse(method: MethodName, cause: string, errorId?: string): CantonError {
    return refused(this.contextOf(method), cause, errorId ? { errorId } : {});
  }

  private contextOf(method: MethodName, traceId = ''): CallContext {
    return { participant: this.participant, method: `${method.parent.name}/${method.name}`, traceId };
  }

  private prepare(method: MethodName, deadlineMs = deadlineMsOf(method.name)): Call {
    const context = this.contextOf(method, randomBytes(16).toString('hex'));
    const metadata = new Metadata();
    // Without it a redacted error leads nowhere. Source: W3C trace context; facts 3.1.
    metadata.set('traceparent', `00-${context.traceId}-${randomBytes(8).toString('hex')}-01`);
    if (this.options.token) metadata.set('authorization', `Bearer ${this.options.token}`);
    return {
      context,
      path: `/${method.parent.typeName}/${method.name}`,
      metadata,
      options: deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs },
    };
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

function channelCredentials({ tls }: ChannelOptions) {
  if (!tls) return credentials.createInsecure();
  const pem = (bytes: Uint8Array | undefined) => (bytes ? Buffer.from(bytes) : null);
  return credentials.createSsl(pem(tls.ca), pem(tls.key), pem(tls.cert));
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
