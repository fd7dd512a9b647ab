import { randomBytes } from 'node:crypto';
import {
  status,
  type Metadata,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { accessTokenExpired, type Access, type Authorization } from './authorization.js';
import type { CallRecord } from './calls.js';
import {
  PlainFailure,
  toWireFailure,
  traceIdOf,
  type CallKind,
  type CantonRefusal,
  type WireFailure,
} from './errors.js';
import { Crashed } from './faults.js';
import type { CallInfo, Handler, ServerContext } from './grpc.js';
import { Encoded, type Message } from './wire.js';

/** One method of one server: what its answers need. */
export interface Answering extends ServerContext {
  readonly service: string;
  readonly method: string;
  /** Absent where calls need no token. */
  readonly authorization: Authorization | undefined;
  /** Aborted when the server is cut off. */
  readonly stopped: AbortSignal;
}

/** Of a timer of Node. */
const MAX_TIMER_MS = 2 ** 31 - 1;

type Of<K extends Handler['kind']> = Extract<Handler, { kind: K }>;
interface RawCall {
  readonly metadata: Metadata;
  on(event: 'cancelled', listener: () => void): unknown;
}

class Answer {
  readonly info: CallInfo;
  private readonly record: CallRecord;
  private readonly controller = new AbortController();
  private expiry: NodeJS.Timeout | undefined;
  private bound: NodeJS.Timeout | undefined;
  /** Whether it lasted too long: what the handler has made by then still goes out. */
  isCut = false;
  private expired: CantonRefusal | PlainFailure | undefined;
  /** Lets go of the server once the call is over. */
  readonly end: () => void;

  constructor(
    private readonly to: Answering,
    private readonly kind: CallKind,
    call: RawCall,
    options: { readonly request?: Message; readonly makesTraceId?: boolean },
  ) {
    const own = options.makesTraceId ? randomBytes(16).toString('hex') : undefined;
    const abort = () => this.controller.abort();
    to.stopped.addEventListener('abort', abort);
    this.end = () => {
      clearTimeout(this.expiry);
      clearTimeout(this.bound);
      to.stopped.removeEventListener('abort', abort);
    };
    call.on('cancelled', () => {
      this.record.outcome ??= 'CANCELLED';
      abort();
    });
    const { participant, api, service, method } = to;
    this.record = to.calls.add({ participant, api, service, method }, options.request);
    this.info = {
      traceId: traceIdOf(call.metadata, to.api) ?? own,
      metadata: call.metadata,
      signal: this.controller.signal,
      noteContract: () => {
        this.record.contractCount = (this.record.contractCount ?? 0) + 1;
      },
    };
  }

  /** Throws the refusal of a call whose token does not suffice. */
  async admit(request: Message | undefined): Promise<Access | undefined> {
    const { authorization, service } = this.to;
    return authorization?.admit({ service, metadata: this.info.metadata, request });
  }

  /** Aborts the call at the time given, in UTC milliseconds. */
  expireAt(until: number): void {
    const leftMs = until - Date.now();
    if (leftMs > MAX_TIMER_MS) return;
    const expire = () => {
      this.expired = accessTokenExpired(until);
      this.controller.abort();
    };
    this.expiry = setTimeout(expire, leftMs).unref();
  }

  /**
   * Ends the call after as long as a streaming one may last. The status is the one with which 3.5 ends a call whose
   * processing took too long; that of 3.6 is not documented. Source: networks K.
   */
  bind(): void {
    const { streamMs } = this.to;
    if (streamMs === undefined) return;
    const expire = () => {
      this.expired = new PlainFailure('', status.UNKNOWN);
      this.isCut = true;
      this.controller.abort();
    };
    this.bound = setTimeout(expire, streamMs).unref();
  }

  /** Throws how the call ends if its time is over. */
  checkTime(): void {
    if (this.expired) throw this.expired;
  }

  /** Returns undefined where nobody is left to answer. */
  failure(cause: unknown): WireFailure | undefined {
    if (cause instanceof Crashed || this.to.stopped.aborted) {
      this.record.outcome ??= 'CRASHED';
      return undefined;
    }
    const failure = toWireFailure(this.expired ?? cause, {
      participant: this.to.participant,
      traceId: this.info.traceId,
      kind: this.kind,
    });
    this.record.outcome ??= status[failure.code] ?? String(failure.code);
    return failure;
  }

  /** Notes what a client streams first. */
  begun(request: Message): void {
    this.to.calls.noteRequest(this.record, request);
  }

  success(): void {
    this.record.outcome ??= 'OK';
  }
}

/** Runs a unary handler between the faults and answers the call. */
export function answerUnary(to: Answering, handler: Of<'unary'>) {
  return (call: ServerUnaryCall<Message, Message>, reply: sendUnaryData<Message>): void => {
    const { makesTraceId } = handler;
    const answer = new Answer(to, 'unary', call, { request: call.request, makesTraceId });
    const run = async () => {
      await answer.admit(call.request);
      await to.faults.enter(to, answer.info.signal);
      const response = await handler.run(call.request, answer.info);
      to.faults.leave(to);
      return response;
    };
    void settle(run, answer, reply);
  };
}

/** Runs a client-streaming handler between the faults and answers the call. */
export function answerClientStream(to: Answering, handler: Of<'client-stream'>) {
  return (call: ServerReadableStream<Message, Message>, reply: sendUnaryData<Message>): void => {
    const answer = new Answer(to, 'client-stream', call, {});
    const run = async () => {
      await answer.admit(undefined);
      answer.bind();
      await to.faults.enter(to, answer.info.signal);
      const meter = to.faults.meter(to);
      const response = await handler.run(metered(received(call, answer), meter), answer.info);
      to.faults.leave(to);
      return response;
    };
    void settle(run, answer, reply);
  };
}

async function settle(
  run: () => Promise<Message>,
  answer: Answer,
  reply: sendUnaryData<Message>,
): Promise<void> {
  try {
    const response = await run();
    answer.success();
    reply(null, response);
  } catch (error) {
    const failure = answer.failure(error);
    if (failure) reply(failure);
  } finally {
    answer.end();
  }
}

/** Runs a server-streaming handler between the faults and sends what it yields. */
export function answerServerStream(to: Answering, handler: Of<'server-stream'>) {
  return (call: ServerWritableStream<Message, Message | Encoded>): void => {
    const answer = new Answer(to, 'server-stream', call, { request: call.request });
    void send(to, handler, call, answer);
  };
}

async function send(
  to: Answering,
  handler: Of<'server-stream'>,
  call: ServerWritableStream<Message, Message | Encoded>,
  answer: Answer,
): Promise<void> {
  try {
    const access = await answer.admit(call.request);
    if (to.api === 'ledger' && access?.until !== undefined) answer.expireAt(access.until);
    answer.bind();
    await to.faults.enter(to, answer.info.signal);
    const meter = to.faults.meter(to);
    for await (const message of handler.run(call.request, answer.info)) {
      if (!answer.isCut) {
        answer.checkTime();
        if (answer.info.signal.aborted) return;
      }
      if (!call.write(message)) await drained(call, answer.info.signal);
      meter(byteLength(message));
    }
    answer.checkTime();
    to.faults.leave(to);
    answer.success();
    call.end();
  } catch (error) {
    const failure = answer.failure(error);
    if (failure) call.emit('error', failure);
  } finally {
    answer.end();
  }
}

function drained(
  call: ServerWritableStream<Message, Message | Encoded>,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      call.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    call.once('drain', done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

async function* received(
  call: ServerReadableStream<Message, Message>,
  answer: Answer,
): AsyncGenerator<Message> {
  const { signal } = answer.info;
  let isFirst = true;
  const messages: AsyncIterable<Message> = call;
  for await (const message of messages) {
    if (isFirst) answer.begun(message);
    isFirst = false;
    if (signal.aborted) break;
    yield message;
  }
  if (signal.aborted) throw new PlainFailure('the client has cancelled the call', status.CANCELLED);
}

async function* metered(
  messages: AsyncIterable<Message>,
  meter: (bytes: number) => void,
): AsyncGenerator<Message> {
  for await (const message of messages) {
    meter(byteLength(message));
    yield message;
  }
}

/** Counts the payload of a streamed message: the bytes of its bytes fields. */
function byteLength(message: Message | Encoded): number {
  if (message instanceof Encoded) return message.payloadBytes;
  let length = 0;
  for (const value of Object.values(message)) if (Buffer.isBuffer(value)) length += value.length;
  return length;
}
