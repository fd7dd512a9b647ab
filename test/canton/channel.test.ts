import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  status,
  type Metadata,
  type sendUnaryData,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';

import { Channel } from '../../canton/channel.js';
import { Endpoint, type ChannelOptions } from '../../canton/endpoint.js';
import { deadlineMsOf } from '../../canton/deadlines.js';
import { CantonError } from '../../canton/errors.js';
import {
  StateService,
  GetLedgerEndResponseSchema,
} from '../../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import {
  ExportAcsResponseSchema,
  ImportAcsRequestSchema,
  ParticipantRepairService,
} from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_repair_service_pb.js';
import { PackageService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/package_service_pb.js';
import { startServer, until, type Route } from './server.js';

const { getLedgerEnd } = StateService.method;
const { exportAcs, importAcs } = ParticipantRepairService.method;
const MIB = 1024 * 1024;

type Unary = ServerUnaryCall<Buffer, Buffer>;
type Reply = sendUnaryData<Buffer>;
type Download = ServerWritableStream<Buffer, Buffer>;
type Upload = ServerReadableStream<Buffer, Buffer>;

async function connect(t: TestContext, routes: Route[], options: Partial<ChannelOptions> = {}) {
  const { address, server } = await startServer(t, routes);
  const channel = new Channel(new Endpoint('target', { address, ...options }));
  t.after(() => channel.close());
  return { channel, server };
}

const ledgerEnd = (offset: bigint) =>
  Buffer.from(toBinary(GetLedgerEndResponseSchema, create(GetLedgerEndResponseSchema, { offset })));
const chunkOf = (bytes: number) =>
  Buffer.from(
    toBinary(
      ExportAcsResponseSchema,
      create(ExportAcsResponseSchema, { chunk: Buffer.alloc(bytes, 7) }),
    ),
  );

function answeringLedgerEnd(seen: Metadata[]): Route {
  return {
    method: getLedgerEnd,
    handle: (call: Unary, reply: Reply) => {
      seen.push(call.metadata);
      reply(null, ledgerEnd(42n));
    },
  };
}

async function* uploads(count: number, onTaken: (index: number) => void = () => undefined) {
  for (let index = 0; index < count; index += 1) {
    onTaken(index);
    yield { acsSnapshot: Buffer.alloc(MIB, index) };
  }
}

async function failureOf(promise: Promise<unknown>): Promise<CantonError> {
  const error: unknown = await promise.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CantonError, String(error));
  return error;
}

async function drain(stream: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const item of stream) count += item ? 1 : 0;
  return count;
}

test('channel: every call carries a traceparent of its own, and no token unless there is one', async (t) => {
  const seen: Metadata[] = [];
  const { channel } = await connect(t, [answeringLedgerEnd(seen)]);

  const { offset } = await channel.unary(getLedgerEnd, {});
  await channel.unary(getLedgerEnd, {});

  assert.equal(offset, 42n);
  const traces = seen.map((metadata) => String(metadata.get('traceparent')[0]));
  for (const trace of traces) assert.match(trace, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  assert.notEqual(traces[0], traces[1]);
  assert.deepEqual(seen[0]?.get('authorization'), []);
});

test('channel: the token goes with every kind of call', async (t) => {
  const seen: Metadata[] = [];
  const { channel } = await connect(
    t,
    [
      answeringLedgerEnd(seen),
      { method: exportAcs, handle: (call: Download) => (seen.push(call.metadata), call.end()) },
      {
        method: importAcs,
        handle: (call: Upload, reply: Reply) => {
          seen.push(call.metadata);
          call.on('data', () => undefined).on('end', () => reply(null, Buffer.alloc(0)));
        },
      },
    ],
    { token: 'secret' },
  );

  await channel.unary(getLedgerEnd, {});
  await drain(channel.serverStream(exportAcs, {}));
  await channel.clientStream(importAcs, uploads(1));

  const tokens = seen.map((metadata) => metadata.get('authorization')[0]);
  assert.deepEqual(tokens, ['Bearer secret', 'Bearer secret', 'Bearer secret']);
});

test('channel: a call ends at its deadline, as transient, with the trace id it sent', async (t) => {
  const seen: Metadata[] = [];
  const { channel } = await connect(t, [
    { method: getLedgerEnd, handle: (call: Unary) => void seen.push(call.metadata) },
  ]);

  const error = await failureOf(channel.unary(getLedgerEnd, {}, { deadlineMs: 50 }));

  assert.equal(error.code, 'DEADLINE_EXCEEDED');
  assert.equal(error.kind, 'transient');
  assert.equal(error.method, 'StateService/GetLedgerEnd');
  assert.ok(seen.length === 0 || String(seen[0]?.get('traceparent')[0]).includes(error.traceId));
});

test('channel: every call has a deadline, but for the streams that run as long as they have work', () => {
  for (const stream of ['ExportAcs', 'ImportAcs', 'GetActiveContracts', 'GetUpdates']) {
    assert.equal(deadlineMsOf(stream), undefined);
  }
  assert.equal(deadlineMsOf('GetLedgerEnd'), 60_000);
  assert.ok((deadlineMsOf('ReconnectSynchronizer') ?? 0) > 3_600_000);
});

test('channel: a participant that is not there is transient', async (t) => {
  const { channel, server } = await connect(t, [answeringLedgerEnd([])]);
  server.forceShutdown();

  const error = await failureOf(channel.unary(getLedgerEnd, {}));

  assert.equal(error.code, 'UNAVAILABLE');
  assert.equal(error.kind, 'transient');
});

test('channel: a request above the limit is refused before it is sent, with both sizes', async (t) => {
  const { channel } = await connect(t, []);
  const upload = { dars: [{ bytes: Buffer.alloc(11 * MIB) }] };

  const error = await failureOf(channel.unary(PackageService.method.uploadDar, upload));

  assert.equal(error.kind, 'refused');
  assert.match(
    error.message,
    /RESOURCE_EXHAUSTED: a request of 115343\d\d bytes, the limit is 10485760/,
  );
});

test('channel: an answer of 40 MiB is read, one above 64 MiB is refused', async (t) => {
  const sizes = [40, 65];
  const { channel } = await connect(t, [
    {
      method: exportAcs,
      handle: (call: Download) => (call.write(chunkOf((sizes.shift() ?? 0) * MIB)), call.end()),
    },
  ]);

  assert.equal(await drain(channel.serverStream(exportAcs, {})), 1);
  const error = await failureOf(drain(channel.serverStream(exportAcs, {})));
  assert.equal(error.code, 'RESOURCE_EXHAUSTED');
  assert.equal(error.kind, 'refused');
});

test('channel: an answer that is no such message is refused and named', async (t) => {
  const { channel } = await connect(t, [
    {
      method: getLedgerEnd,
      handle: (_: Unary, reply: Reply) => reply(null, Buffer.from([0x0a, 0x7f, 1])),
    },
  ]);

  const error = await failureOf(channel.unary(getLedgerEnd, {}));

  assert.equal(error.kind, 'refused');
  assert.match(error.message, /cannot be read as com\.daml\.ledger\.api\.v2\.GetLedgerEndResponse/);
});

test('channel: a failure after some chunks makes the reader throw after them', async (t) => {
  const { channel } = await connect(t, [
    {
      method: exportAcs,
      handle: (call: Download) => {
        call.write(chunkOf(10));
        call.write(chunkOf(10), () => {
          call.emit('error', {
            code: status.FAILED_PRECONDITION,
            details: 'IO_STREAM_REPAIR_ERROR(9,0): pruned',
          });
        });
      },
    },
  ]);

  let chunks = 0;
  const reading = (async () => {
    for await (const { chunk } of channel.serverStream(exportAcs, {}))
      chunks += chunk.length > 0 ? 1 : 0;
  })();

  const error = await failureOf(reading);
  assert.equal(error.errorId, 'IO_STREAM_REPAIR_ERROR');
  assert.equal(chunks, 2);
});

test('channel: a reader that is slow when the failure comes still gets it', async (t) => {
  let hasFailed = false;
  const { channel } = await connect(t, [
    {
      method: exportAcs,
      handle: (call: Download) => {
        call.write(chunkOf(10), () => {
          call.emit('error', { code: status.INTERNAL, details: 'broken' });
          hasFailed = true;
        });
      },
    },
  ]);

  const stream = channel.serverStream(exportAcs, {});
  await stream.next();
  await until(() => hasFailed);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const error = await failureOf(stream.next());

  assert.equal(error.code, 'INTERNAL');
});

// Writes until nobody takes more: what a reader that stands still lets through.
function endless(onWritten: () => void): Route {
  return {
    method: exportAcs,
    handle: (call: Download) => {
      const chunk = chunkOf(MIB);
      const write = () => {
        if (call.cancelled) return;
        onWritten();
        if (call.write(chunk)) setImmediate(write);
        else call.once('drain', write);
      };
      write();
    },
  };
}

/** Resolves when the count has not moved for a while. */
async function standstill(count: () => number): Promise<number> {
  for (let last = -1; last !== count();) {
    last = count();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return count();
}

test('channel: a reader that stops stops the participant', async (t) => {
  let written = 0;
  const { channel } = await connect(t, [endless(() => (written += 1))]);

  const stream = channel.serverStream(exportAcs, {});
  await stream.next();
  const held = await standstill(() => written);
  for (let index = 0; index < 40; index += 1) await stream.next();
  await until(() => written > held);
  await stream.return();

  // Sixteen messages in the stream of each side, and what the windows of HTTP/2 hold.
  assert.ok(held < 60, `${held} MiB were written to a reader that took one`);
});

test('channel: leaving a loop cancels the call', async (t) => {
  let call: Download | undefined;
  const { channel } = await connect(t, [
    {
      method: exportAcs,
      handle: (started: Download) => ((call = started), void started.write(chunkOf(1))),
    },
  ]);

  for await (const { chunk } of channel.serverStream(exportAcs, {})) {
    assert.equal(chunk.length, 1);
    break;
  }

  await until(() => call?.cancelled === true);
});

test('channel: an abort ends a read at once with its reason, whatever is still buffered', async (t) => {
  let call: Download | undefined;
  const { channel } = await connect(t, [
    {
      method: exportAcs,
      handle: (started: Download) => {
        call = started;
        for (let index = 0; index < 5; index += 1) started.write(chunkOf(10));
      },
    },
  ]);
  const controller = new AbortController();
  const reason = new Error('the operator said so');

  const stream = channel.serverStream(exportAcs, {}, { signal: controller.signal });
  await stream.next();
  controller.abort(reason);

  await assert.rejects(stream.next(), (error) => error === reason);
  await until(() => call?.cancelled === true);
});

test('channel: an abort ends a read that waits', async (t) => {
  const { channel } = await connect(t, [{ method: exportAcs, handle: () => undefined }]);
  const controller = new AbortController();
  const reason = new Error('the operator said so');

  const waiting = channel.serverStream(exportAcs, {}, { signal: controller.signal }).next();
  setImmediate(() => controller.abort(reason));

  await assert.rejects(waiting, (error) => error === reason);
});

test('channel: what is aborted before it starts is never sent', async (t) => {
  let calls = 0;
  const { channel } = await connect(t, [{ method: exportAcs, handle: () => void (calls += 1) }]);
  const reason = new Error('too late');
  const signal = AbortSignal.abort(reason);

  await assert.rejects(
    drain(channel.serverStream(exportAcs, {}, { signal })),
    (error) => error === reason,
  );
  await assert.rejects(
    channel.clientStream(importAcs, uploads(1), { signal }),
    (error) => error === reason,
  );
  assert.equal(calls, 0);
});

test('channel: an upload arrives whole, in order, and its end is its answer', async (t) => {
  const firsts: number[] = [];
  const { channel } = await connect(t, [
    {
      method: importAcs,
      handle: (call: Upload, reply: Reply) => {
        call.on('data', (bytes: Buffer) =>
          firsts.push(fromBinary(ImportAcsRequestSchema, bytes).acsSnapshot[0] ?? -1),
        );
        call.on('end', () => reply(null, Buffer.alloc(0)));
      },
    },
  ]);

  await channel.clientStream(importAcs, uploads(30));

  assert.deepEqual(
    firsts,
    Array.from({ length: 30 }, (_, index) => index),
  );
});

test('channel: a participant that stops reading stops the upload', async (t) => {
  let taken = 0;
  let call: Upload | undefined;
  const { channel } = await connect(t, [
    {
      method: importAcs,
      handle: (started: Upload, reply: Reply) => {
        call = started;
        started.pause().on('end', () => reply(null, Buffer.alloc(0)));
      },
    },
  ]);

  const upload = channel.clientStream(
    importAcs,
    uploads(100, () => (taken += 1)),
  );
  const held = await standstill(() => taken);
  call?.on('data', () => undefined).resume();
  await upload;

  assert.ok(held < 40, `${held} MiB were taken from the producer by a participant that took none`);
  assert.equal(taken, 100);
});

test('channel: a failure in the midst of an upload ends it at once, even while the next piece is being made', async (t) => {
  const { channel } = await connect(t, [
    {
      method: importAcs,
      handle: (call: Upload, reply: Reply) =>
        void call.once('data', () => reply({ code: status.UNKNOWN, details: 'Repair in progress' })),
    },
  ]);
  async function* stuck() {
    yield { acsSnapshot: Buffer.alloc(10) };
    await new Promise(() => undefined);
  }

  const error = await failureOf(channel.clientStream(importAcs, stuck()));

  assert.equal(error.kind, 'transient');
  assert.match(
    error.message,
    /ParticipantRepairService\/ImportAcs answered UNKNOWN: Repair in progress/,
  );
});

test('channel: an abort ends an upload with its reason, and the participant sees it cancelled', async (t) => {
  let call: Upload | undefined;
  const { channel } = await connect(t, [
    {
      method: importAcs,
      handle: (started: Upload) => void (call = started).on('data', () => undefined),
    },
  ]);
  const controller = new AbortController();
  const reason = new Error('the operator said so');
  async function* stuck() {
    yield { acsSnapshot: Buffer.alloc(10) };
    setImmediate(() => controller.abort(reason));
    await new Promise(() => undefined);
  }

  const upload = channel.clientStream(importAcs, stuck(), { signal: controller.signal });

  await assert.rejects(upload, (error) => error === reason);
  await until(() => call === undefined || call.cancelled);
});

test('channel: a producer that fails cancels the upload and keeps its own error', async (t) => {
  let call: Upload | undefined;
  const { channel } = await connect(t, [
    {
      method: importAcs,
      handle: (started: Upload) => void (call = started).on('data', () => undefined),
    },
  ]);
  const broken = new Error('the file is gone');
  async function* failing() {
    yield { acsSnapshot: Buffer.alloc(10) };
    await until(() => call !== undefined);
    throw broken;
  }

  await assert.rejects(channel.clientStream(importAcs, failing()), (error) => error === broken);
  await until(() => call?.cancelled === true);
});
