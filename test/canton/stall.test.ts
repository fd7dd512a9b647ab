import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { create, toBinary } from '@bufbuild/protobuf';
import type { sendUnaryData, ServerReadableStream, ServerWritableStream } from '@grpc/grpc-js';

import { Channel } from '../../canton/channel.js';
import { deadlineMsOf, stallLimitsOf } from '../../canton/deadlines.js';
import { Endpoint } from '../../canton/endpoint.js';
import type { CantonError } from '../../canton/errors.js';
import { StateService } from '../../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import { UpdateService } from '../../canton/gen/com/daml/ledger/api/v2/update_service_pb.js';
import { ParticipantRepairService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_repair_service_pb.js';
import { StallWatch } from '../../canton/stall.js';
import { startServer, until, type Route } from './server.js';

const { exportAcs, importAcs } = ParticipantRepairService.method;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const CONTEXT = {
  participant: 'source',
  api: 'Admin API',
  address: 'localhost:1',
  credential: 'calls without a token',
  method: 'ParticipantRepairService/ExportAcs',
  traceId: '',
} as const;

type Download = ServerWritableStream<Buffer, Buffer>;
type Upload = ServerReadableStream<Buffer, Buffer>;

const chunk = Buffer.from(
  toBinary(exportAcs.output, create(exportAcs.output, { chunk: Buffer.alloc(10) })),
);

/**
 * A channel to a node that begins an export and then sends nothing, and takes uploads to their end without an answer.
 *
 * One stream that stands keeps the timers of the connection real; those of what begins later are to be mocked.
 */
async function connectStuck(t: TestContext) {
  const open = { downloads: 0, cancelled: 0, uploaded: 0 };
  const routes: Route[] = [
    {
      method: exportAcs,
      handle: (call: Download) => {
        open.downloads += 1;
        call.write(chunk);
        call.on('cancelled', () => (open.cancelled += 1));
      },
    },
    {
      method: importAcs,
      handle: (call: Upload, reply: sendUnaryData<Buffer>) => {
        void reply;
        call.on('data', () => undefined);
        call.on('end', () => (open.uploaded += 1));
        call.on('error', () => undefined);
      },
    },
  ];
  const { address } = await startServer(t, routes);
  const channel = new Channel(new Endpoint('source', { address }));
  const other = channel.serverStream(exportAcs, {});
  await other.next();
  t.after(async () => {
    await other.return();
    channel.close();
  });
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  return { channel, open, tick: (ms: number) => t.mock.timers.tick(ms) };
}

/** A reader that asks is waiting by then. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('stall: an export that stops is cancelled and fails as transient, and says so', async (t) => {
  const { channel, open, tick } = await connectStuck(t);
  const stream = channel.serverStream(exportAcs, {});
  await stream.next();
  const next = stream.next();
  next.catch(() => undefined);
  await until(() => open.downloads === 2);
  await turn();
  tick(2 * MINUTE - 1);
  tick(1);

  await assert.rejects(next, ({ kind, type, message }: CantonError) => {
    assert.deepEqual([kind, type], ['transient', 'StreamStalled']);
    assert.match(message, /^source: ParticipantRepairService\/ExportAcs: no message within 120 s/);
    return true;
  });
  await until(() => open.cancelled === 1);
});

test('stall: a reader that takes its time is no stall of the node', async (t) => {
  const { channel, tick } = await connectStuck(t);
  const stream = channel.serverStream(exportAcs, {});
  await stream.next();
  tick(DAY);
  const next = stream.next();
  let isOver = false;
  next.catch(() => (isOver = true));
  await turn();
  tick(MINUTE);
  await turn();
  assert.ok(!isOver);
  tick(MINUTE);
  await assert.rejects(next, { type: 'StreamStalled' });
});

test('stall: an import may be stored for hours, but not for ever', async (t) => {
  const { channel, open, tick } = await connectStuck(t);
  async function* messages() {
    yield { acsSnapshot: Buffer.alloc(10) };
  }
  const imported = channel.clientStream(importAcs, messages());
  let isOver = false;
  imported.catch(() => (isOver = true));
  await until(() => open.uploaded === 1);
  for (let minutes = 0; minutes < 239; minutes += 1) tick(MINUTE);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(!isOver);
  for (let minutes = 0; minutes < 11; minutes += 1) tick(MINUTE);
  await assert.rejects(imported, {
    type: 'StreamStalled',
    message: /ImportAcs: no answer to all that was sent within 14400 s/,
  });
});

test('stall: what rests is not watched, and what begins anew has its whole limit', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  let cancelled = 0;
  const limits = { messageMs: 1_000, answerMs: 5_000 };
  const watch = new StallWatch(CONTEXT, limits, () => (cancelled += 1));
  for (const waitMs of [900, 900, 900]) {
    watch.begin('message');
    t.mock.timers.tick(waitMs);
    watch.rest();
    t.mock.timers.tick(10_000);
  }
  watch.begin('answer');
  t.mock.timers.tick(4_999);
  assert.equal(cancelled, 0);
  t.mock.timers.tick(1);
  assert.equal(cancelled, 1);
  assert.equal(watch.failure?.type, 'StreamStalled');
});

test('stall: every call has a deadline, or a limit without progress of hours at most', () => {
  const services = [ParticipantRepairService, StateService, UpdateService];
  for (const { name, methodKind } of services.flatMap(({ methods }) => methods)) {
    if (methodKind === 'unary') assert.ok(deadlineMsOf(name), name);
    const { messageMs, answerMs } = stallLimitsOf(name);
    assert.ok(Math.max(messageMs, answerMs) <= DAY / 6, name);
  }
});

test('stall: an export of Canton 2.10 may be silent for hours before its first message', () => {
  const service = 'com.digitalasset.canton.participant.admin.v0.ParticipantRepairService';

  assert.ok(stallLimitsOf('ExportAcs', service).messageMs >= 4 * 3_600_000);
  assert.equal(stallLimitsOf('ExportAcs').messageMs, 120_000);
});
