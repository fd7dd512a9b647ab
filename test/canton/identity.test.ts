import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { create, toBinary } from '@bufbuild/protobuf';

import { CantonError } from '../../canton/errors.js';
import { connectOperator } from '../support/operator.js';
import { IdentityInitializationService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';
import { startSandbox, type Sandbox } from '../../sandbox/index.js';
import { startForwarder } from '../support/forwarder.js';
import { SMALL } from '../support/stack.js';
import { connect as connectTo, failure } from './replay.js';

const ASKED = ['GetId', 'GetParticipantId'];

async function started(t: TestContext): Promise<Sandbox> {
  const sandbox = await startSandbox({ scenario: SMALL });
  t.after(() => sandbox.close());
  return sandbox;
}

function connect(t: TestContext, admin: string, ledger: string) {
  const participant = connectOperator('target', {
    admin: { address: admin },
    ledger: { address: ledger },
  });
  t.after(() => participant.close());
  return participant;
}

function assertTwoParticipants(error: CantonError, { participants, addresses }: Sandbox): void {
  assert.deepEqual([error.kind, error.type], ['refused', 'ApisOfTwoParticipants']);
  assert.equal(
    error.message,
    `target: the Admin API at ${addresses.target.admin} is that of ${participants.target.uid}, the Ledger API ` +
      `at ${addresses.source.ledger} that of ${participants.source.uid}, expected both of one participant`,
  );
}

test('identity: two APIs of two nodes under one name are refused before anything is read or changed', async (t) => {
  const sandbox = await started(t);
  const { source, target } = sandbox.addresses;
  const mixed = connect(t, target.admin, source.ledger);
  const parties = ['alice::1220'];

  for (const call of [
    () => mixed.users.listUsers(''),
    () => mixed.synchronizers.disconnect('da'),
    () => mixed.repair.purgeContracts('da', ['00']),
    () => mixed.users.removeUser({ id: 'user-1', identityProvider: '' }),
    () => mixed.ledger.scanActiveContracts({ parties, offset: '1' })[Symbol.asyncIterator]().next(),
  ])
    assertTwoParticipants(await failure(call()), sandbox);

  const methods = new Set(sandbox.calls.list().map(({ method }) => method));
  assert.deepEqual([...methods].sort(), ASKED);
});

test('identity: both APIs are asked once for each connection, however many calls there are', async (t) => {
  const sandbox = await started(t);
  const { source } = sandbox.addresses;
  const { users, packages, ledger } = connect(t, source.admin, source.ledger);
  const asked = () => sandbox.calls.list().filter(({ method }) => ASKED.includes(method)).length;

  await Promise.all([users.listUsers(''), packages.listDars(), ledger.readLedgerEnd()]);
  await packages.listDars();
  assert.equal(asked(), 2);

  await sandbox.participants.source.restart();
  await answered(() => packages.listDars());
  await ledger.readLedgerEnd();
  assert.equal(asked(), 4);
});

// Somebody gives the address to another node; the client reconnects by itself.
test('identity: an API that leads to another node after a reconnect is noticed before the next call', async (t) => {
  const sandbox = await started(t);
  const { source, target } = sandbox.addresses;
  const forwarder = await startForwarder(t, portOf(target.ledger));
  const { users, packages } = connect(t, target.admin, forwarder.address);
  await users.listUsers('');
  await packages.listDars();
  const before = sandbox.calls.last;

  forwarder.leadTo(portOf(source.ledger));
  const error = await refused(() => users.listUsers(''));
  await refused(() => packages.listDars());

  assert.deepEqual([error.kind, error.type], ['refused', 'ApisOfTwoParticipants']);
  const since = new Set(sandbox.calls.list({ after: before }).map(({ method }) => method));
  assert.ok(
    [...since].every((method) => ASKED.includes(method)),
    [...since].join(),
  );
});

test('identity: a node of which one API does not answer is waited for', async (t) => {
  const sandbox = await started(t);
  const { target } = sandbox.addresses;
  const forwarder = await startForwarder(t, 1);
  const { synchronizers } = connect(t, target.admin, forwarder.address);

  const error = await failure(synchronizers.listRegistered());
  assert.deepEqual([error.kind, error.code], ['transient', 'UNAVAILABLE']);

  forwarder.leadTo(portOf(target.ledger));
  assert.ok((await answered(() => synchronizers.listRegistered())).length > 0);
});

test('identity: a node that has no identity yet says so', async (t) => {
  const { getId } = IdentityInitializationService.method;
  const { participant } = await connectTo(t, [
    [getId, toBinary(getId.output, create(getId.output, {}))],
  ]);

  const error = await failure(participant.packages.listDars());

  assert.deepEqual([error.kind, error.errorId], ['refused', 'NOT_INITIALIZED']);
});

function portOf(address: string): number {
  return Number(address.split(':')[1]);
}

/** What a call returns once the client has reconnected. */
async function answered<T>(call: () => Promise<T>): Promise<T> {
  for (const giveUp = Date.now() + 20_000; ; await new Promise((resolve) => setImmediate(resolve))) {
    try {
      return await call();
    } catch (error) {
      const isLost = error instanceof CantonError && error.kind === 'transient';
      if (!isLost || Date.now() > giveUp) throw error;
    }
  }
}

/** The first failure of a call that is not for a connection that was lost. */
async function refused(call: () => Promise<unknown>): Promise<CantonError> {
  return failure(answered(call));
}
