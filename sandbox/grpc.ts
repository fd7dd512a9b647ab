import { setMaxListeners } from 'node:events';
import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import {
  Server,
  ServerInterceptingCall,
  type ConnectionInjector,
  type Metadata,
  type ServerInterceptor,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync, type PackageDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { Authorization } from './authorization.js';
import type { Api, CallLog } from './calls.js';
import type { Faults } from './faults.js';
import { answerClientStream, answerServerStream, answerUnary, type Answering } from './answering.js';
import type { ApiScenario } from './scenario.js';
import type { Methods } from './gen/index.js';
import { serverCredentials } from './transport.js';
import { DECODING, Encoded, protoFiles, protoFolder, type Given, type Message } from './wire.js';

/** What a handler knows of its call beside the request. */
export interface CallInfo {
  /** 32 hex digits; on the Admin API only if the client sent one. */
  readonly traceId: string | undefined;
  readonly metadata: Metadata;
  /** Aborted when the client cancelled, its deadline passed, or the participant died. */
  readonly signal: AbortSignal;
  /** Notes that one more contract came with its upload. */
  readonly noteContract: () => void;
}

/** A handler of a unary method. */
export interface UnaryHandler<Request, Response> {
  readonly kind: 'unary';
  readonly run: (request: Request, call: CallInfo) => Response | Promise<Response>;
  readonly makesTraceId: boolean;
}

/** A handler of a server-streaming method. */
export interface ServerStreamHandler<Request, Response> {
  readonly kind: 'server-stream';
  readonly run: (request: Request, call: CallInfo) => AsyncIterable<Response>;
}

/** A handler of a client-streaming method. */
export interface ClientStreamHandler<Request, Response> {
  readonly kind: 'client-stream';
  readonly run: (requests: AsyncIterable<Request>, call: CallInfo) => Promise<Response>;
}

/** The simulation of one method. What it throws becomes the error answer (`errors.ts`). */
export type Handler =
  | UnaryHandler<Message, Message>
  | ServerStreamHandler<Message, Message | Encoded>
  | ClientStreamHandler<Message, Message>;

type HandlerOf<Method> = Method extends ['unary', infer Request, infer Response]
  ? UnaryHandler<Request, Given<Response>>
  : Method extends ['server-stream', infer Request, infer Response]
    ? ServerStreamHandler<Request, Given<Response> | Encoded>
    : Method extends ['client-stream', infer Request, infer Response]
      ? ClientStreamHandler<Request, Given<Response>>
      : never;

/** Handlers by full service name and method name. Methods left out answer UNIMPLEMENTED. */
export type Services = { readonly [S in keyof Methods]?: Service<S> };

/** Handlers of one service by method name. */
export type Service<S extends keyof Methods> = {
  readonly [M in keyof Methods[S]]?: HandlerOf<Methods[S][M]>;
};

/** Makes a handler of a unary method; `makesTraceId` for those that make their own on the Admin API (Ping). */
export function unary<Request, Response>(
  run: UnaryHandler<Request, Response>['run'],
  options: { readonly makesTraceId?: boolean } = {},
): UnaryHandler<Request, Response> {
  return { kind: 'unary', run, makesTraceId: options.makesTraceId ?? false };
}

/** Makes a handler of a server-streaming method. */
export function serverStream<Request, Response>(
  run: ServerStreamHandler<Request, Response>['run'],
): ServerStreamHandler<Request, Response> {
  return { kind: 'server-stream', run };
}

/** Makes a handler of a client-streaming method. The iteration throws when the client goes away. */
export function clientStream<Request, Response>(
  run: ClientStreamHandler<Request, Response>['run'],
): ClientStreamHandler<Request, Response> {
  return { kind: 'client-stream', run };
}

/** Largest inbound message. Source: admin-api 4.1. */
const MAX_INBOUND_BYTES = 10 * 1024 * 1024;

const TOO_LARGE = /^Received message larger than max \((\d+) vs (\d+)\)$/;

/** Says of a message that is too large what Canton says. Source: networks H. */
const refusesAsCanton: ServerInterceptor = (_method, call) => {
  const send = call.sendStatus.bind(call);
  call.sendStatus = (status) => {
    const [, size, limit] = TOO_LARGE.exec(status.details ?? '') ?? [];
    const details = `gRPC message exceeds maximum size ${limit}: ${size}`;
    send(size === undefined ? status : { ...status, details });
  };
  return new ServerInterceptingCall(call);
};

/** What the servers of a sandbox share. */
export interface ServerContext {
  readonly participant: string;
  readonly api: Api;
  readonly calls: CallLog;
  readonly faults: Faults;
  /** How long a streaming call may last, milliseconds; absent: without an end. */
  readonly streamMs?: number;
}

/** A server hands each handler the messages of its method and nothing else, as `Services` demands. */
function untyped(services: Services): Readonly<Record<string, Readonly<Record<string, Handler>>>> {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- see above
  return services as Readonly<Record<string, Readonly<Record<string, Handler>>>>;
}

let loaded: PackageDefinition | undefined;

function definitionOf(service: string): ServiceDefinition {
  loaded ??= loadSync(protoFiles(), { ...DECODING, keepCase: true, includeDirs: [protoFolder()] });
  const found = loaded[service];
  if (!found || !isService(found)) throw new Error(`canton/proto has no service ${service}`);
  const methods = Object.entries(found).map(([name, method]) => {
    const { responseSerialize: serialize } = method;
    const responseSerialize = (answer: object) =>
      answer instanceof Encoded ? answer.bytes : serialize(answer);
    return [name, { ...method, responseSerialize }] as const;
  });
  return Object.fromEntries(methods);
}

/** Messages and enums have a format. */
function isService(definition: PackageDefinition[string]): definition is ServiceDefinition {
  return !('format' in definition);
}

/** One port of a participant. Can be cut off at once and opened again on the same port. */
export class GrpcServer {
  private readonly server = new Server({
    'grpc.max_receive_message_length': MAX_INBOUND_BYTES,
    'grpc.max_send_message_length': -1,
    interceptors: [refusesAsCanton],
  });
  private readonly sockets = new Set<Socket>();
  private readonly stopped = new AbortController();
  private readonly injector: ConnectionInjector;
  private listener: NetServer | undefined;
  private isAccepting = true;

  private readonly authorization: Authorization | undefined;

  constructor(
    private readonly context: ServerContext,
    { tls, auth }: ApiScenario = {},
  ) {
    // Every call under way listens.
    setMaxListeners(0, this.stopped.signal);
    this.injector = this.server.createConnectionInjector(serverCredentials(tls));
    this.authorization = auth && new Authorization(context.api, auth);
  }

  /** Starts to answer the methods given; may be called again while the port is open. */
  register(services: Services): void {
    for (const [service, methods] of Object.entries(untyped(services))) {
      const definition = definitionOf(service);
      const implementation: UntypedServiceImplementation = {};
      for (const [method, handler] of Object.entries(methods)) {
        if (!(method in definition)) throw new Error(`canton/proto has no method ${service}/${method}`);
        implementation[method] = this.answer(service, method, handler);
      }
      this.server.addService(definition, implementation);
    }
  }

  /** Opens the port, 0 for any free one; returns the port. Waits for the port if it has just been in use. */
  async listen(port: number): Promise<number> {
    const listener = createServer((socket) => this.accept(socket));
    this.listener = listener;
    for (let attempt = 1; ; attempt++) {
      try {
        return await opened(listener, port);
      } catch (error) {
        if (!isTaken(error) || attempt === 40) throw portFailure(error);
        await wait(50);
      }
    }
  }

  /** Cuts every connection and closes the port at once; running handlers see their signal aborted. */
  cut(): Promise<void> {
    this.stopped.abort();
    const listener = this.listener;
    const closed = new Promise<void>((resolve) => {
      if (listener?.listening) listener.close(() => resolve());
      else resolve();
    });
    // Not while frames are being read: Node.js ends the process at those of a session that has gone meanwhile.
    setImmediate(() => {
      for (const socket of this.sockets) socket.resetAndDestroy();
      this.server.forceShutdown();
    });
    return closed;
  }

  /** Cuts every connection and refuses new ones until told otherwise; the port stays taken. */
  setAccepting(isAccepting: boolean): void {
    this.isAccepting = isAccepting;
    if (isAccepting) return;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  private accept(socket: Socket): void {
    if (!this.isAccepting || this.stopped.signal.aborted) {
      socket.resetAndDestroy();
      return;
    }
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    this.injector.injectConnection(socket);
  }

  private answer(
    service: string,
    method: string,
    handler: Handler,
  ): UntypedServiceImplementation[string] {
    const { context, authorization, stopped } = this;
    const answering: Answering = { ...context, authorization, service, method, stopped: stopped.signal };
    if (handler.kind === 'unary') return answerUnary(answering, handler);
    if (handler.kind === 'server-stream') return answerServerStream(answering, handler);
    return answerClientStream(answering, handler);
  }
}

/** Names the port if that is what is wrong: another program listens there. */
export function portFailure(error: unknown): Error {
  if (!isTaken(error)) return error instanceof Error ? error : new Error(String(error));
  return new Error(`port ${error.port} of ${error.address} is taken by another program`, {
    cause: error,
  });
}

function isTaken(error: unknown): error is Error & { port: number; address: string } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function opened(listener: NetServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', () => {
      listener.off('error', reject);
      const address = listener.address();
      if (address === null || typeof address === 'string') reject(new Error(`no port: ${address}`));
      else resolve(address.port);
    });
  });
}
