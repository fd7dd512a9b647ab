import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';

import { seeded } from '../support/random.js';

/** A call that a hostile peer got, and how much more it may send. */
export type Answer = (stream: ServerHttp2Stream) => void;

/** What is drawn from one seed. */
export function drawing(seed: number) {
  const below = seeded(seed);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  return {
    below,
    pick,
    bytes: (length: number) => Buffer.from(Array.from({ length }, () => below(256))),
  };
}

export type Any = ReturnType<typeof drawing>;

/** A message behind the five bytes of gRPC; `length` lies about it. */
export function frame(message: Buffer, { isCompressed = false, length = message.length } = {}): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(isCompressed ? 1 : 0, 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

/** Answers 200, the frames given, and the trailers given. */
export function answer(
  frames: Buffer[],
  trailers: Record<string, string>,
  headers: Record<string, string | number> = {},
): Answer {
  return (stream) => {
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', ...headers },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    for (const bytes of frames) stream.write(bytes);
    stream.end();
  };
}

/** One of everything that a peer may send instead of an answer. */
export function hostileAnswer(any: Any, good: Buffer): Answer {
  return any.pick([trailersOf, messagesOf, packedOf, brokenOf])(any, good);
}

/** Long, of what regular expressions look for. */
export const LONG_TEXTS = [
  'A_'.repeat(8_000),
  'A_A(1,'.repeat(5_000),
  `No connection established. Last error: ${' '.repeat(30_000)}`,
  'error:0A:SSL routines:'.repeat(1_000),
  'in Daml-LF aaaa '.repeat(2_000),
  'a.'.repeat(15_000),
  '%ff%fe%00%ed%a0%80',
  'IMPORT_ACS_ERROR(9,abc): x',
];

function trailersOf(any: Any): Answer {
  const details = any.pick([
    Buffer.from([0xff, 0xff, 0xff, 0xff]),
    any.bytes(any.below(64)),
    // A Status whose details are bytes of any kind under the type of an ErrorInfo.
    Buffer.concat([Buffer.from('1a24', 'hex'), Buffer.from('0a22'), any.bytes(40)]),
    statusOf('google.rpc.ErrorInfo', any.bytes(any.below(30))),
    statusOf('google.rpc.RetryInfo', Buffer.from('0a0b08ffffffffffffffff7f', 'hex')),
    statusOf('google.rpc.ErrorInfo', Buffer.concat([Buffer.from([0x0a, 4]), any.bytes(4)])),
  ]);
  return answer([], {
    'grpc-status': any.pick(['1', '13', '14', '99', '-1', 'abc', '9'.repeat(40), '']),
    'grpc-message': any.pick(LONG_TEXTS),
    'grpc-status-details-bin': any.pick([details.toString('base64'), '%%%', 'AAAA,'.repeat(50)]),
    ...any.pick([{}, { 'grpc-retry-pushback-ms': '-1' }, { 'x-y-bin': '!!!' }]),
  });
}

function statusOf(type: string, value: Buffer): Buffer {
  const url = Buffer.from(`type.googleapis.com/${type}`);
  const inner = Buffer.concat([
    Buffer.from([0x0a, url.length]),
    url,
    Buffer.from([0x12, value.length]),
    value,
  ]);
  return Buffer.concat([Buffer.from([0x1a, inner.length]), inner]);
}

function messagesOf(any: Any, good: Buffer): Answer {
  const message = any.pick([
    any.bytes(any.below(200)),
    Buffer.concat([good, any.bytes(any.below(20))]),
    // A varint that does not end, a length beyond the message, groups in groups.
    Buffer.alloc(64, 0xff),
    Buffer.from('0affffffff0f', 'hex'),
    Buffer.alloc(5_000, 0x0b),
    // Two bytes for each empty object, numbers above 64 bits.
    Buffer.from('0a00'.repeat(200_000), 'hex'),
    Buffer.from(`08${'ff'.repeat(9)}7f`, 'hex'),
  ]);
  const frames = any.pick([
    [frame(message)],
    [frame(good), frame(good), frame(good)],
    [frame(message, { length: message.length + 100 })],
    [frame(message, { length: 2 ** 32 - 1 })],
    [Buffer.from([0, 0])],
    Array.from({ length: 300 }, () => frame(Buffer.alloc(0))),
    [Buffer.from('<html><body>Please sign in</body></html>')],
  ]);
  return answer(frames, any.pick([{ 'grpc-status': '0' }, { 'grpc-status': '0x' }, {}]), {
    ...any.pick([{}, { ':status': 200 }, { ':status': 302 }, { ':status': 503 }]),
  });
}

function packedOf(any: Any, good: Buffer): Answer {
  const packed = any.pick([gzipSync(good), deflateSync(good), any.bytes(50), Buffer.alloc(0)]);
  const headers = any.pick([
    { 'grpc-encoding': 'gzip' },
    { 'grpc-encoding': 'deflate' },
    { 'grpc-encoding': 'identity' },
    { 'grpc-encoding': 'zstd' },
    {},
  ]);
  return answer([frame(packed, { isCompressed: true })], { 'grpc-status': '0' }, headers);
}

function brokenOf(any: Any, good: Buffer): Answer {
  const code = any.below(16);
  return any.pick<Answer>([
    (stream) => stream.close(code),
    (stream) => {
      stream.session?.goaway(code, 0, any.bytes(8));
      stream.close(code);
    },
    (stream) => stream.session?.destroy(undefined, constants.NGHTTP2_NO_ERROR),
    (stream) => stream.session?.destroy(new Error('gone')),
    (stream) => {
      stream.respond({ ':status': 200 });
      stream.write(frame(good).subarray(0, 3));
      stream.close(code);
    },
    (stream) => {
      stream.respond({ ':status': 200, 'x-long': 'x'.repeat(30_000) }, { endStream: true });
    },
  ]);
}

/** Answers the calls in turn, on a free port of the loopback. What the peer does not like is no failure of the test. */
export async function startHostileServer(t: TestContext, next: () => Answer): Promise<string> {
  const server = createServer();
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
  });
  server.on('sessionError', () => undefined);
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.resume();
    next()(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Writes the bytes given to whoever connects, instead of HTTP/2. */
export async function startGarbageServer(t: TestContext, bytes: () => Buffer): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(bytes());
    t.after(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
