import assert from 'node:assert/strict';
import test from 'node:test';

import { ADD, buildTransaction, signedMessage } from '../../sandbox/topology/transaction.js';
import { encode, methodTypes } from '../../sandbox/wire.js';
import { recordedOutcome } from './outcome.js';
import { loadRecording, type RecordedCall } from './recording.js';
import { playAll, stage, type Stage } from './stage.js';

const FILE = 'throughput-topology';
const NOT_KEPT = 'request and answer are too large to have been kept';
const OTHER_CONTRACTS = 'the contracts of earlier files';

/** What is measured with transactions that were not kept is measured with others below. */
test('throughput-topology.jsonl: what was kept answers as recorded', async (t) => {
  const at = await stage(t, FILE);
  await playAll(FILE, at, {
    only: ({ request }) => request !== null,
    differences: {
      13: OTHER_CONTRACTS,
      14: OTHER_CONTRACTS,
      16: OTHER_CONTRACTS,
    },
  });
});

test(`throughput-topology.jsonl 3, 6 and 11 (${NOT_KEPT}): a hundred transactions of one call take effect at one time`, async (t) => {
  const at = await stage(t, FILE);
  const { ledger } = at.sandbox.participants.source.ledger;
  const before = ledger.end;

  const added = await at.player.play(adding(at, 250));

  assert.deepEqual(added, recordedOutcome(callOf(3)));
  assert.equal(ledger.end - before, 3);
});

test(`throughput-topology.jsonl 8 (${NOT_KEPT}): a request of more than 10 MiB is refused`, async (t) => {
  const at = await stage(t, FILE);
  const transaction = Buffer.alloc(11 * 1024 * 1024);

  const answer = await at.player.play(writing('SignTransactions', { transactions: [{ transaction }] }));

  assert.equal(answer.status, callOf(8).status);
  const text = (message?: string) => message?.replace(/\d+$/, '');
  assert.equal(text(answer.error?.message), text(callOf(8).error?.message));
});

const callOf = (order: number): RecordedCall =>
  loadRecording(FILE).find((call) => call.order === order)!;

function writing(method: string, request: object): RecordedCall {
  const rpc = `com.digitalasset.canton.topology.admin.v30.TopologyManagerWriteService/${method}`;
  const bytes = encode(methodTypes(rpc).request, { ...request });
  return { ...callOf(3), rpc, request: bytes.toString('base64') };
}

/** The request that has the source host so many new parties. */
function adding({ sandbox }: Stage, count: number): RecordedCall {
  const { uid, vault } = sandbox.participants.source.participant.node;
  const { fingerprint } = vault.namespaceKey();
  const permission = 'PARTICIPANT_PERMISSION_CONFIRMATION' as const;
  const transactions = Array.from({ length: count }, (_, n) => {
    const value = {
      party: `Va${n}::${fingerprint}`,
      threshold: 1,
      participants: [{ participant_uid: uid, permission }],
    };
    const transaction = buildTransaction(ADD, 1, { code: 'ptp', value });
    const signatures = [vault.sign(fingerprint, transaction.hash)];
    return signedMessage({ transaction, signatures, isProposal: false });
  });
  const store = { synchronizer: { id: sandbox.synchronizers.source.info.logicalId } };
  return writing('AddTransactions', {
    transactions,
    store,
    wait_to_become_effective: { seconds: '20' },
  });
}
