import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { CantonError } from '../../canton/errors.js';
import { connectOperator } from '../support/operator.js';
import { reopened } from '../../canton/reopened.js';
import { startSandbox } from '../../sandbox/index.js';
import { makeProtection } from '../support/protection.js';
import { SMALL } from '../support/stack.js';
import { issued, startTokenServer } from '../support/token-server.js';

/** More than fits between the two processes, so that the stream is under way when its token expires. */
const CONTRACTS = 6_000;
const TRANSACTIONS = 100;
/** Of the first token; the call begins at once. */
const SECONDS_TO_LIVE = 3;

const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-reopened-'));
const protection = await makeProtection(folder);
const sandbox = await startSandbox({
  scenario: { ...SMALL, ...protection.scenario, contracts: { count: CONTRACTS } },
});
after(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});
const { source } = sandbox.participants;
const PARTIES = [...source.participant.node.port.knownParties().keys()];
const { logicalId: SYNCHRONIZER } = sandbox.synchronizers.source.info;

/** The Ledger API of the source with a first token that soon expires, and good ones after it. */
async function connect(t: TestContext) {
  const lives = [SECONDS_TO_LIVE];
  const server = await startTokenServer(protection.authority, async () => {
    const secondsToLive = lives.shift() ?? 3600;
    // Its times are whole seconds.
    return issued(await protection.token('ledger', { secondsToLive }), secondsToLive - 1);
  });
  const { admin, ledger } = sandbox.addresses.source;
  const { tls } = protection;
  const participant = connectOperator('old', {
    admin: { address: admin, tls, token: await protection.token('admin') },
    ledger: { address: ledger, tls, oauth: server.oauth },
  });
  t.after(async () => {
    participant.close();
    await server.close();
  });
  return participant.ledger;
}

/** Takes the first item, waits until the participant has ended the stream, and takes the others. */
async function readSlowly<T>(stream: AsyncIterable<T>, method: string): Promise<T[]> {
  const items = [];
  const first = await stream[Symbol.asyncIterator]().next();
  if (!first.done) items.push(first.value);
  const isOver = () => callsOf(method).at(-1)?.outcome !== undefined;
  for (const giveUp = Date.now() + 30_000; !isOver(); await delay(20)) {
    if (Date.now() > giveUp) throw new Error(`${method} has not ended`);
  }
  for await (const item of stream) items.push(item);
  return items;
}

const callsOf = (method: string) => sandbox.calls.list({ participant: 'source', method });

test('reopened: the active contracts are all read once, though the token expires on the way', async (t) => {
  const ledger = await connect(t);
  const offset = String(source.ledger.ledger.end);

  const entries = await readSlowly(
    ledger.scanActiveContracts({ parties: PARTIES, offset }),
    'GetActiveContracts',
  );

  const ids = entries.flat().map((entry) => ('contractId' in entry ? entry.contractId : ''));
  assert.deepEqual(ids.sort(), source.contracts().sort());
  assert.deepEqual(
    callsOf('GetActiveContracts').map(({ outcome }) => outcome),
    ['ABORTED', 'OK'],
  );
});

test('reopened: the changes are all read once, though the token expires on the way', async (t) => {
  const beginExclusive = String(source.ledger.ledger.end);
  // A client takes some messages in advance, however large they are.
  for (let transaction = 0; transaction < TRANSACTIONS; transaction += 1) {
    source.ledger.churn(CONTRACTS / TRANSACTIONS, CONTRACTS / TRANSACTIONS / 2);
  }
  const endInclusive = String(source.ledger.ledger.end);
  const ledger = await connect(t);

  const changes = await readSlowly(
    ledger.scanChanges({
      parties: PARTIES,
      synchronizerId: SYNCHRONIZER,
      renameTo: SYNCHRONIZER,
      excludedStakeholders: [],
      beginExclusive,
      endInclusive,
    }),
    'GetUpdates',
  );

  const created = changes.flatMap((change) => change.created.map(({ contractId }) => contractId));
  const archived = changes.flatMap((change) => change.archived);
  assert.equal(new Set(created).size, CONTRACTS);
  assert.deepEqual([created.length, archived.length], [CONTRACTS, CONTRACTS / 2]);
  assert.deepEqual(
    callsOf('GetUpdates').map(({ outcome }) => outcome),
    ['ABORTED', 'OK'],
  );
});

test('reopened: a stream that comes no further is not opened for ever', async () => {
  const expired = new CantonError({
    participant: 'old',
    api: 'Ledger API',
    address: 'old.example:5001',
    credential: 'the configured token',
    method: 'UpdateService/GetUpdates',
    traceId: '',
    kind: 'transient',
    code: 'ABORTED',
    errorId: 'ACCESS_TOKEN_EXPIRED',
    cause: 'Claims were valid until then',
  });
  const places: (number | undefined)[] = [];
  async function* open(place: number | undefined) {
    places.push(place);
    if (place === undefined) yield 7;
    throw expired;
  }

  const seen: number[] = [];
  const read = async () => {
    for await (const item of reopened(open, (its: number) => its)) seen.push(item);
  };

  await assert.rejects(read(), expired);
  assert.deepEqual([seen, places], [[7], [undefined, 7]]);
});
