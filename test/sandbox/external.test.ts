import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { multiTransactionHash } from '../../sandbox/crypto.js';
import type { ParticipantView } from '../../sandbox/index.js';
import { rootCertificate, seededSigner, signedBy, type Signer } from '../../sandbox/signers.js';
import { namespaceOf, type Mapping } from '../../sandbox/topology/mapping.js';
import { ADD, buildTransaction, signedMessage } from '../../sandbox/topology/transaction.js';
import type { Message } from '../../sandbox/wire.js';
import { until } from '../conformance/states.js';
import { createIou, submitExternally, type Submitter } from './external-support.js';
import { Live } from './live-support.js';
import { AUTHORIZED, call, CallFailed } from './wire-client.js';

const CONFIRMATION = 'PARTICIPANT_PERMISSION_CONFIRMATION' as const;
const WAIT = { wait_to_become_effective: { seconds: '5' } };

/** Two external parties of one key and one with a delegation on the source; the target is on the same synchronizer. */
function start(t: TestContext): Promise<Live> {
  return Live.start(t, {
    parties: {
      local: 2,
      multiHosted: 0,
      external: 2,
      externalKeys: 1,
      externalWithDelegation: 1,
      decentralized: 0,
      foreign: 0,
    },
    contracts: { count: 0, ofExternal: 4 },
  });
}

const external = ({ parties }: Live) => parties.filter((party) => party.startsWith('external-'));
const ledger = (view: ParticipantView) => view.ledgerAddress;

function submitter({ sandbox }: Live, party: string): Submitter {
  return { party, keys: [namespaceOf(party)], sign: (id, bytes) => sandbox.sign(id, bytes) };
}

async function refusal(work: Promise<unknown>): Promise<CallFailed> {
  const error = await work.then(
    () => undefined,
    (one: unknown) => one,
  );
  assert.ok(error instanceof CallFailed, String(error));
  return error;
}

/** A second key that no node has. */
const key = (name: string): Signer =>
  seededSigner(`test/${name}`, ['SIGNING_KEY_USAGE_NAMESPACE', 'SIGNING_KEY_USAGE_PROTOCOL']);

/** The hosting of a seeded external party by both nodes. */
function hosting(live: Live, party: string, hasKeys = true) {
  const stored = live.sandbox.synchronizers.source.store.latest(`ptp/${party}`)!.transaction;
  assert.ok(stored.mapping.code === 'ptp');
  const { party_signing_keys: keys, ...value } = stored.mapping.value;
  const target = { participant_uid: live.target.uid, permission: CONFIRMATION, onboarding: {} };
  const participants = [...value.participants, target];
  const wanted = { ...value, participants, ...(hasKeys && keys && { party_signing_keys: keys }) };
  return buildTransaction(ADD, stored.serial + 1, { code: 'ptp', value: wanted });
}

function partySignature({ sandbox }: Live, party: string, bytes: Buffer): Message {
  return {
    format: 'SIGNATURE_FORMAT_RAW',
    signature: Buffer.from(sandbox.sign(namespaceOf(party), bytes)),
    signed_by: namespaceOf(party),
    signing_algorithm_spec: 'SIGNING_ALGORITHM_SPEC_ED25519',
  };
}

async function signByTarget({ target }: Live, transactions: Message[]): Promise<Message[]> {
  const body = { transactions, store: AUTHORIZED };
  const answer = await call(target.adminAddress, 'write', 'SignTransactions', body);
  return answer['transactions'] as Message[];
}

const add = (live: Live, transactions: readonly Message[], extra: Message = {}) =>
  call(live.source.adminAddress, 'write', 'AddTransactions', {
    transactions: [...transactions],
    store: live.store,
    ...extra,
  });

/** Waits until the source knows what is proposed for a party. */
const proposed = ({ source, logicalId }: Live, party: string) =>
  until(
    async () => {
      const { store } = source.participant.node.topology.find(logicalId)!.replica;
      return store.openProposals(`ptp/${party}`).length;
    },
    (count) => count === 1,
  );

const hostCount = (live: Live, party: string) =>
  live.source.parties('acme').find((one) => one.party === party)!.participants.length;

test('external: a seeded party acts through any participant, and is a party to contracts', async (t) => {
  const live = await start(t);
  const { source, target } = live;
  const [first = '', second = '', delegating = ''] = external(live);
  const before = source.ledger.activeContractIds().length;

  const through = { prepare: ledger(source), execute: ledger(target) };
  const done = await submitExternally(submitter(live, first), createIou(first, second, '7'), through);
  await submitExternally(submitter(live, delegating), createIou(delegating, first, '8'), through);

  assert.equal(before, 4);
  assert.ok(Number(done['completion_offset']) > 0);
  assert.equal(source.ledger.activeContractIds().length, before + 2);
  assert.equal(target.ledger.activeContractIds().length, 0);
  const made = source.ledger.activeContractIds().at(-2)!;
  const template_id = { package_id: '#lab-iou', module_name: 'LabIou', entity_name: 'Iou' };
  const settle = { exercise: { template_id, contract_id: made, choice: 'Settle' } };
  await submitExternally(submitter(live, first), settle, through);
  assert.ok(!source.ledger.activeContractIds().includes(made));
  const again = await refusal(
    submitExternally(submitter(live, first), settle, { ...through, execute: ledger(source) }),
  );
  assert.equal(again.id, 'CONTRACT_NOT_FOUND');
});

test('external: a threshold of keys is needed, of the hosting or of a mapping of their own', async (t) => {
  const live = await start(t);
  const { source } = live;
  const local = live.parties.find((one) => one.startsWith('Alice'))!;
  const [one, other] = [key('one'), key('other')];
  const sign = (id: string, bytes: Uint8Array) =>
    [one, other].find((signer) => signer.id === id)!.sign(Buffer.from(bytes)).signature;
  const through = { prepare: ledger(source), execute: ledger(source) };
  const participants = [{ participant_uid: source.uid, permission: CONFIRMATION }];
  const keys = { keys: [one.key, other.key], threshold: 2 };
  const host = async (name: string, mappings: (party: string) => Mapping[]) => {
    const party = `${name}::${one.id}`;
    const signed = mappings(party).map((mapping) => signedMessage(signedBy([one, other], mapping)));
    const body = { transactions: signed as Message[], store: AUTHORIZED };
    const both = await call(source.adminAddress, 'write', 'SignTransactions', body).catch(() => body);
    await add(live, both['transactions'] as Message[], WAIT);
    return party;
  };
  const shared = await host('shared', (party) => [
    { code: 'ptp', value: { party, threshold: 1, participants, party_signing_keys: keys } },
  ]);
  const submit = (party: string, ids: string[]) =>
    submitExternally({ party, keys: ids, sign }, createIou(party, party, '1'), through);

  const few = await refusal(submit(shared, [one.id, one.id]));
  await submit(shared, [one.id, other.id]);
  const none = await refusal(submit(local, []));

  assert.match(few.text, /Received 1 valid signatures from distinct keys \(0 invalid\), but .* 2 valid/);
  assert.match(none.text, /Could not find party signing keys for Alice::1220[0-9a-f]{8}\.\.\.\./);
});

test('external: earlier parties have their keys in a mapping of their own, under a root certificate', async (t) => {
  const live = await start(t);
  const { source } = live;
  const own = key('earlier');
  const party = `earlier::${own.id}`;
  const participants = [{ participant_uid: source.uid, permission: CONFIRMATION }];
  const hosted = signedBy([own], { code: 'ptp', value: { party, threshold: 1, participants } });
  const keys = { party, threshold: 1, signing_keys: [own.key] };
  const known = [rootCertificate(own), signedBy([own], { code: 'ptk', value: keys })];
  await add(live, known.map(signedMessage), WAIT);
  await add(live, [{ ...signedMessage(hosted), proposal: true }]);
  await proposed(live, party);
  await live.authorize(source, { party_to_participant: hosted.transaction.mapping.value }, WAIT);

  assert.ok(live.parties.includes(party));
  const sign = (_id: string, bytes: Uint8Array) => own.sign(Buffer.from(bytes)).signature;
  const through = { prepare: ledger(source), execute: ledger(source) };
  await submitExternally({ party, keys: [own.id], sign }, createIou(party, party, '1'), through);
  const listed = await call(source.adminAddress, 'read', 'ListPartyToKeyMapping', {
    base_query: { store: live.store, head_state: {} },
    filter_party: party,
  });
  assert.equal((listed['results'] as unknown[]).length, 1);
});

test('external: one object with signatures of several keys covers several transactions', async (t) => {
  const live = await start(t);
  const [first = '', , delegating = ''] = external(live);
  const parties = [first, delegating];
  const wanted = parties.map((party) => hosting(live, party));
  const hashes = wanted.map(({ hash }) => hash);
  const bytes = multiTransactionHash(hashes);
  const signatures = parties.map((party) => partySignature(live, party, bytes));
  const multi = { transaction_hashes: hashes, signatures };
  const signed = (transaction: Buffer, others: Message) => ({
    transaction,
    multi_transaction_signatures: [others],
    proposal: true,
  });

  const both = await signByTarget(
    live,
    wanted.map((one) => signed(one.bytes, multi)),
  );
  await add(live, both, WAIT);
  const stray = { ...multi, transaction_hashes: [hashes[0]!] };
  const wrong = await refusal(add(live, [signed(hosting(live, external(live)[1]!).bytes, stray)]));

  for (const party of parties) assert.equal(hostCount(live, party), 2);
  assert.equal(wrong.code, 'INVALID_ARGUMENT');
  const { store } = live.sandbox.synchronizers.source;
  for (const [at, party] of parties.entries()) {
    const entry = store.latest(`ptp/${party}`)!;
    const names = [...entry.signatures, ...entry.multiSignatures!.flatMap((one) => one.signatures)];
    const expected = [namespaceOf(live.target.uid), namespaceOf(parties[at]!)].sort();
    assert.deepEqual(names.map((one) => one.signed_by).sort(), expected);
  }
});

test('external: the key of a party has a say only while it is among its keys, or has a delegation', async (t) => {
  const live = await start(t);
  const [first = '', second = '', delegating = ''] = external(live);
  const ask = async (party: string, hasKeys: boolean) => {
    const wanted = hosting(live, party, hasKeys);
    const signatures = [partySignature(live, party, wanted.hash)];
    return signByTarget(live, [{ transaction: wanted.bytes, signatures, proposal: true }]);
  };
  const isRefused = async (transactions: Message[]) =>
    (
      await refusal(
        add(
          live,
          transactions.map((one) => ({ ...one, proposal: false })),
        ),
      )
    ).code;

  const [withoutKeys] = await ask(first, false);
  await add(live, [withoutKeys!]);
  assert.equal(await isRefused([withoutKeys!]), 'INVALID_ARGUMENT');
  await add(live, await ask(delegating, true), WAIT);
  // What is stored already counts: the signature of the target alone completes it.
  const [complete] = await ask(second, true);
  const [byParty, byTarget] = complete!['signatures'] as Message[];
  assert.equal(await isRefused([{ ...complete, signatures: [byTarget] }]), 'INVALID_ARGUMENT');
  await add(live, [{ ...complete, signatures: [byParty] }]);
  await proposed(live, second);
  await add(live, [{ ...complete, signatures: [byTarget], proposal: false }], WAIT);

  assert.deepEqual(
    [first, second, delegating].map((party) => hostCount(live, party)),
    [1, 2, 2],
  );
  const { store } = live.sandbox.synchronizers.source;
  assert.equal(store.openProposals(`ptp/${first}`).length, 1);
});
