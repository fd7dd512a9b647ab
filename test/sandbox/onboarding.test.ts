import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'node:test';

import {
  activate,
  arrive,
  copy,
  onItsWay,
  propose,
  startOneSynchronizer,
  until,
  type OneSynchronizer,
} from '../support/one-synchronizer.js';
import { creation, submit } from '../support/ledger-traffic.js';
import { onVersion, PROTOCOL_VERSIONS } from '../support/protocol-version.js';
import { namespaceOf } from '../support/topology-changes.js';
import { uploadParty } from './live-support.js';
import { call } from './wire-client.js';

const LONG = 60_000;
/** Longer than the second attempt takes. */
const WAITING_MS = 2_500;

/** Takes the target off the parties again. */
async function undo({ source, sandbox, store, parties }: OneSynchronizer): Promise<void> {
  const { uid } = sandbox.participants.target;
  for (const party of parties) {
    const [mapping] = await source.topology.listPartyMappings(store, { party });
    const hosts = mapping!.hosts.filter((host) => host.participantUid !== uid);
    await source.topology.proposePartyMapping(store, {
      ...mapping!,
      hosts,
      serial: mapping!.serial + 1,
    });
  }
  await until(async () =>
    parties.every((party) => !sandbox.participants.source.hosts(party).includes(uid)),
  );
}

function clear({ target, store, parties }: OneSynchronizer, beginExclusive: string) {
  return target.onboarding.clearFlag({ party: parties[0]!, ...store, beginExclusive, timeoutMs: 1_000 });
}

test('onboarding: a party whose flag is set is refused as submitter, and cleared it is not', async (t) => {
  const nodes = await startOneSynchronizer(t, { timing: { onboardingMs: LONG } });
  const { parties, sandbox } = nodes;
  await arrive(nodes);

  const [payer, owner] = parties as [string, string];
  await assert.rejects(submit(sandbox.participants.target, payer, creation(payer, owner)), {
    code: 'FAILED_PRECONDITION',
    id: 'PARTY_CURRENTLY_ONBOARDING',
  });
  await submit(sandbox.participants.source, payer, creation(payer, owner));
});

// Live route 5, hazard: the first activation that is found counts, and it is long past.
test('onboarding: a search that begins before an earlier activation skips the waiting time', async (t) => {
  const nodes = await startOneSynchronizer(t, { timing: { onboardingMs: WAITING_MS } });
  await arrive(nodes);
  await undo(nodes);
  await wait(WAITING_MS);
  const n0 = await propose(nodes);
  const [event] = await activate(nodes);
  await copy(nodes, nodes.parties, event!.offset);
  await nodes.target.synchronizers.reconnect(nodes.alias);
  const safeAt = Date.parse(event!.recordTime) + WAITING_MS;

  const right = await clear(nodes, n0);
  const wrong = await clear(nodes, '1');

  assert.equal(Date.parse(right.earliestRetry!), safeAt);
  assert.ok(Date.parse(wrong.earliestRetry!) < Date.now());
  await until(async () => (await clear(nodes, n0).catch(onItsWay)).isOnboarded);
  assert.ok(Date.now() < safeAt, 'the flag went too early');
});

test('onboarding: the task that clears a flag ends with the process, and a later call begins it again', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { sandbox, target, alias } = nodes;
  const { n0 } = await arrive(nodes);
  assert.equal((await clear(nodes, n0)).isOnboarded, false);
  await sandbox.participants.target.restart();
  await until(() => target.synchronizers.reconnect(alias).catch(() => undefined));
  await wait(sandbox.scenario.timing.onboardingMs + 200);

  assert.equal((await clear(nodes, n0)).isOnboarded, false, 'nobody asked since the restart');
  await until(async () => (await clear(nodes, n0).catch(onItsWay)).isOnboarded);
});

test('onboarding: begins behind the ledger end and unknown synchronizers are refused', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const refusedAs = (errorId: string) => ({ kind: 'refused', errorId });

  await assert.rejects(clear(nodes, '0'), refusedAs('INVALID_ARGUMENT_PARTY_MANAGEMENT_ERROR'));
  await assert.rejects(clear(nodes, '1000000'), refusedAs('INVALID_ARGUMENT_PARTY_MANAGEMENT_ERROR'));
  await assert.rejects(
    nodes.target.onboarding.clearFlag({
      party: nodes.parties[0]!,
      synchronizerId: `other::${namespaceOf(nodes.parties[0]!)}`,
      beginExclusive: '0',
      timeoutMs: 1,
    }),
    refusedAs('INVALID_ARGUMENT_PARTY_MANAGEMENT_ERROR'),
  );
});

test('onboarding: by force, the end of a ledger that is behind comes as the offset of any later time', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { target, sandbox, store } = nodes;
  const n0 = await propose(nodes);
  await submit(
    sandbox.participants.source,
    nodes.parties[0]!,
    creation(nodes.parties[0]!, nodes.parties[1]!),
  );
  const request = {
    synchronizer_id: store.synchronizerId,
    timestamp: { seconds: String(Math.ceil(Date.now() / 1000)) },
    force: true,
  };

  const { admin } = sandbox.addresses.target;
  const answer = await call(admin, 'partyArrival', 'GetHighestOffsetByTimestamp', request);

  assert.equal(answer['ledger_offset'], n0);
  assert.equal(await target.ledger.readLedgerEnd(), n0);
});

// As real nodes answer: the error of the topology manager stands in the text of another one.
test('onboarding: a clearance that is ordered and not in effect is refused as there already, one that waits is proposed again', async (t) => {
  const nodes = await startOneSynchronizer(t, {
    maxUnsent: 5,
    timing: { onboardingMs: 50, topologyChangeMs: 1_000 },
  });
  const { n0 } = await arrive(nodes);
  const { sandbox, store, parties } = nodes;
  const [party] = parties;
  const { admin } = sandbox.addresses.target;
  const body = { party_id: party, synchronizer_id: store.synchronizerId, begin_offset_exclusive: n0 };
  const ask = () => call(admin, 'partyArrival', 'ClearPartyOnboardingFlag', body);
  const refused = (text: RegExp) => ({
    code: 'FAILED_PRECONDITION',
    id: 'INVALID_STATE_PARTY_MANAGEMENT_ERROR',
    message: text,
  });

  sandbox.synchronizers.source.setUp(false);
  await assert.rejects(
    until(() => ask().then(() => undefined)),
    refused(/: ABORTED: TOPOLOGY_TOO_MANY_PENDING_TOPOLOGY_TRANSACTIONS\(2,0\): Too many pending/),
  );
  sandbox.synchronizers.source.setUp(true);
  await assert.rejects(
    until(() =>
      ask().then(
        () => undefined,
        (error: Error) => {
          if (!error.message.includes('TOO_MANY')) throw error;
          return undefined;
        },
      ),
    ),
    refused(/: ALREADY_EXISTS: TOPOLOGY_MAPPING_ALREADY_EXISTS\(10,0\): A matching topology mapping/),
  );
});

/** All of the arrival of one party, its contracts brought by `ImportPartyAcs`. */
async function arriveAlone(nodes: OneSynchronizer): Promise<string> {
  const { sandbox, source, target, store, parties, alias } = nodes;
  const [party_id] = parties as [string];
  const n0 = await propose(nodes, [party_id]);
  const { offset } = (await activate(nodes, [party_id]))[0]!;
  const { synchronizerId } = store;
  const chunks: Uint8Array[] = [];
  for await (const one of source.repair.exportAcs({ parties: [party_id], synchronizerId, offset }))
    chunks.push(one);
  await uploadParty(sandbox.addresses.target.admin, {
    acs_snapshot: Buffer.concat(chunks),
    synchronizer_id: synchronizerId,
    contract_import_mode: 'CONTRACT_IMPORT_MODE_VALIDATION',
    party_id,
  });
  await target.synchronizers.reconnect(alias);
  return n0;
}

function isFlagged({ sandbox, parties }: OneSynchronizer): boolean {
  const { target } = sandbox.participants;
  const mapping = target.parties('acme').find(({ party }) => party === parties[0]);
  return mapping!.participants.some((host) => host.onboarding !== undefined);
}

// Source: networks A, item A2; golden35/pv35-live-importparty.jsonl 17.
for (const version of PROTOCOL_VERSIONS)
  test(`onboarding: after ImportPartyAcs on version ${version} the flag ${version === 35 ? 'is cleared by itself, also after a restart' : 'stays until somebody asks'}`, async (t) => {
    const nodes = await startOneSynchronizer(t, onVersion(version));
    const n0 = await arriveAlone(nodes);
    assert.equal(isFlagged(nodes), true);
    await nodes.sandbox.participants.target.restart();
    await until(() => nodes.target.synchronizers.reconnect(nodes.alias).catch(() => undefined));

    if (version === 34) {
      await wait(nodes.sandbox.scenario.timing.onboardingMs + 200);
      assert.equal(isFlagged(nodes), true);
    } else {
      await until(async () => !isFlagged(nodes));
      assert.equal((await clear(nodes, n0)).isOnboarded, true);
    }
  });
