import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';

import { create, toBinary } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { Metadata, type sendUnaryData, type ServiceError } from '@grpc/grpc-js';

import { Channel } from '../../canton/channel.js';
import { Endpoint } from '../../canton/endpoint.js';
import { CantonError, toCantonError } from '../../canton/errors.js';
import { UserManagementService } from '../../canton/gen/com/daml/ledger/api/v2/admin/user_management_service_pb.js';
import { StateService } from '../../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import { SequencerConnectionSchema } from '../../canton/gen/com/digitalasset/canton/admin/sequencer/v30/sequencer_connection_pb.js';
import { PackageService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/package_service_pb.js';
import { ParticipantRepairService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_repair_service_pb.js';
import { IdentityInitializationService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';
import { TopologyManagerReadService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import { connectParticipant } from '../../canton/index.js';
import { findAllowedKeys } from '../../canton/v30/sequencers.js';
import { toMicroseconds } from '../../canton/times.js';
import { Users } from '../../canton/v30/users.js';
import {
  answer,
  drawing,
  frame,
  hostileAnswer,
  LONG_TEXTS,
  startGarbageServer,
  startHostileServer,
  type Answer,
} from './hostile-server.js';
import { startServer } from './server.js';

const { getLedgerEnd } = StateService.method;
const { exportAcs, importAcs } = ParticipantRepairService.method;
const { getId } = IdentityInitializationService.method;
const { listUsers } = UserManagementService.method;
const MIB = 1024 * 1024;
const ANSWERS = 300;

const GOOD = Buffer.from(toBinary(getLedgerEnd.output, create(getLedgerEnd.output, { offset: 7n })));
const OK = { 'grpc-status': '0' };
/** No message in any encoding. */
const BROKEN_DETAILS = { 'grpc-status': '13', 'grpc-status-details-bin': '/////w==' };
const CONTEXT = {
  participant: 'target',
  api: 'Admin API',
  address: 'localhost:1',
  credential: 'calls without a token',
  method: 'VaultService/ListMyKeys',
  traceId: '',
} as const;

function channelTo(t: TestContext, address: string): Channel {
  const channel = new Channel(new Endpoint('target', { address }));
  t.after(() => channel.close());
  return channel;
}

/** Returns how a call ended: with an answer, or as every call has to fail. */
async function outcome(call: Promise<unknown>): Promise<'answered' | CantonError> {
  try {
    await call;
    return 'answered';
  } catch (error) {
    assert.ok(error instanceof CantonError, `failed with ${(error as Error).stack}`);
    assert.ok(error.message.length < 3_000, `a message of ${error.message.length} characters`);
    return error;
  }
}

async function drain(channel: Channel): Promise<void> {
  for await (const message of channel.serverStream(exportAcs, {})) void message;
}

async function* chunks() {
  for (let index = 0; index < 3; index++) yield { acsSnapshot: Buffer.alloc(1000) };
}

/** Each kind of call in turn. */
const CALLS: ((channel: Channel) => Promise<unknown>)[] = [
  (channel) => channel.unary(getLedgerEnd, {}, { deadlineMs: 500 }),
  drain,
  (channel) => channel.clientStream(importAcs, chunks()),
];

// Malformed trailers, messages of any bytes, lengths that lie, bombs, resets: another seed is another row of answers.
test('hostile answers: each fails its own call, and the next one is answered', async (t) => {
  const any = drawing(13);
  let next: Answer = answer([frame(GOOD)], OK);
  const channel = channelTo(t, await startHostileServer(t, () => next));
  const seen = new Set<string>();
  for (let index = 0; index < ANSWERS; index++) {
    next = hostileAnswer(any, GOOD);
    const ended = await outcome(CALLS[index % CALLS.length]!(channel));
    seen.add(ended === 'answered' ? ended : ended.code);
  }

  assert.ok(seen.size >= 7, `only ${[...seen].join(', ')}`);
  next = answer([frame(GOOD)], OK);
  const { offset } = await channel.unary(getLedgerEnd, {});
  assert.equal(offset, 7n);
});

test('hostile answers: bytes that are no HTTP/2 fail the call', async (t) => {
  const any = drawing(5);
  const address = await startGarbageServer(t, () => any.bytes(200));
  const ended = await outcome(channelTo(t, address).unary(getLedgerEnd, {}, { deadlineMs: 2_000 }));
  assert.ok(ended instanceof CantonError && ended.kind === 'transient');
});

test('hostile answers: a sequencer with malformed trailers is one that does not answer', async (t) => {
  const address = await startHostileServer(t, () => answer([], BROKEN_DETAILS));
  const connection = create(SequencerConnectionSchema, {
    type: { case: 'grpc', value: { connections: [`http://${address}`] } },
  });
  assert.deepEqual(await findAllowedKeys('source', [connection]), {
    unanswered: [`${address} (INTERNAL)`],
  });
});

test('hostile answers: a message that grows a thousandfold when it is unpacked is refused', async (t) => {
  const packed = gzipSync(Buffer.alloc(80 * MIB));
  assert.ok(packed.length < MIB / 8);
  const bomb = answer([frame(packed, { isCompressed: true })], OK, { 'grpc-encoding': 'gzip' });
  const channel = channelTo(t, await startHostileServer(t, () => bomb));
  const ended = await outcome(channel.unary(getLedgerEnd, {}));
  assert.equal((ended as CantonError).code, 'RESOURCE_EXHAUSTED');
});

// Two bytes each: 20 MiB of them would take gigabytes.
test('hostile answers: a list of empty objects is refused before it is read', async (t) => {
  const objects = Buffer.from('0a00', 'hex')
    .toString('latin1')
    .repeat(10 * MIB);
  const channel = channelTo(
    t,
    await startHostileServer(t, () => answer([frame(Buffer.from(objects, 'latin1'))], OK)),
  );
  const { listPartyToParticipant } = TopologyManagerReadService.method;
  const ended = await outcome(channel.unary(listPartyToParticipant, {}));
  assert.match((ended as CantonError).message, /an answer of 20971520 bytes of more than \d+ fields/);
});

test('hostile answers: each call has a limit of its own for its answer', async (t) => {
  const bytes = Buffer.concat([Buffer.from('7a', 'hex'), varint(9 * MIB), Buffer.alloc(9 * MIB)]);
  const channel = channelTo(t, await startHostileServer(t, () => answer([frame(bytes)], OK)));
  const ended = await outcome(channel.unary(getLedgerEnd, {}));
  assert.match((ended as CantonError).message, /an answer of \d+ bytes, the limit is 8388608/);
  assert.equal(await outcome(channel.unary(PackageService.method.getDar, {})), 'answered');
});

test('hostile answers: a list whose pages do not end is refused', async (t) => {
  const page = create(listUsers.output, { users: [{ id: 'again' }], nextPageToken: 'more' });
  const bytes = Buffer.from(toBinary(listUsers.output, page));
  const channel = channelTo(t, await startHostileServer(t, () => answer([frame(bytes)], OK)));
  const ended = await outcome(new Users(channel).listUsers(''));
  assert.match((ended as CantonError).message, /more than 200 pages of one list/);
});

test('hostile answers: long texts are cut, and take no time to look at', () => {
  for (const text of LONG_TEXTS) {
    const begun = performance.now();
    const error = toCantonError(failureOf(text.padEnd(60_000, text)), CONTEXT);
    const tookMs = performance.now() - begun;
    assert.ok(error.message.length < 3_000, `${error.message.length} characters`);
    assert.ok(tookMs < 250, `${tookMs} ms for ${text.slice(0, 20)}`);
  }
});

test('hostile answers: what is shown has no control characters and no halves of characters', () => {
  const { message } = toCantonError(failureOf('a\u001b[31mb\u009bc\ud800d\nnext'), CONTEXT);
  assert.ok(message.endsWith('a\ufffd[31mb\ufffdc\ufffdd\nnext'));
});

test('hostile answers: the end of a long text is kept, where the error is that it wraps', () => {
  const wrapped = `${'x'.repeat(20_000)} NO_SUCH_THING(11,abc): there is none`;
  const error = toCantonError(failureOf(wrapped), CONTEXT) as CantonError;
  assert.deepEqual([error.code, error.errorId], ['NOT_FOUND', 'NO_SUCH_THING']);
});

test('hostile answers: what an answer of ours quotes is cut, too', async (t) => {
  const uid = `${'\u001b[2J'.repeat(100_000)}::1220`;
  const answered = toBinary(
    getId.output,
    create(getId.output, { initialized: true, uniqueIdentifier: uid }),
  );
  const { address } = await startServer(t, [
    {
      method: getId,
      handle: (_: unknown, reply: sendUnaryData<Buffer>) => reply(null, Buffer.from(answered)),
    },
  ]);
  const participant = connectParticipant('source', { admin: { address }, ledger: { address } });
  t.after(() => participant.close());
  const { message } = (await outcome(participant.reading().vault.listKeys())) as CantonError;
  assert.match(message, /^source: the Admin API at /);
  assert.ok(!message.includes('\u001b'));
});

test('hostile answers: a time out of range is named, not computed with', () => {
  const time = create(TimestampSchema, { seconds: 2n ** 62n });
  assert.throws(() => toMicroseconds(time), { type: 'AnswerInvalid', kind: 'refused' });
});

function failureOf(details: string): ServiceError {
  return Object.assign(new Error(details), { code: 13, details, metadata: new Metadata() });
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
