import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import type { HandedIn } from '../../model/ceremony.js';
import type { LineToSign } from '../../client/lines-to-sign.js';
import { newMigration } from '../../model/migration.js';
import { QUICK_TIMING } from '../../sandbox/index.js';
import { SealedBytes } from '../../secrets/sealed-bytes.js';
import { FolderStore } from '../../storage/folder.js';
import { ListStore } from '../../storage/list-store.js';
import { defaultListFolder } from '../../storage/places.js';
import { SealedStore } from '../../storage/sealed.js';
import { refuseManySingle } from '../../workflows/steering/hostings.js';
import { runCli } from '../client/run-cli.js';
import { RARER } from '../support/boundaries.js';
import { signatureOf } from '../support/offline-key.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, temporalServer } from '../support/temporal.js';
import { folderOf } from '../support/workers.js';

/** What a worker without payload keys keeps, every list of it. */
function listsOf(folder: string): ListStore {
  return new ListStore(new SealedStore(new FolderStore(folder), new SealedBytes([], 1_000_000)), 0);
}

const PARTIES = { local: 1, multiHosted: 0, external: 4, externalKeys: 2, decentralized: 0, foreign: 0 };
const SCENARIO = { timing: QUICK_TIMING, contracts: { count: 6 }, parties: PARTIES };

// Every list is in the store, and each workflow task is replayed from the history, as by a worker that was started anew.
test(
  'ceremony: what all keys sign is exported in one file and imported in one, and the migration goes on with it',
  RARER,
  async (t) => {
    const state = folderOf(t);
    const lists = listsOf(defaultListFolder({ XDG_STATE_HOME: state }));
    const stack = await startMigrationStack(t, { scenario: SCENARIO, lists, forgets: true });
    const { client, sandbox, until, approve, taskQueue } = stack;
    const pem = sandbox.participants.source.takeRootKey();
    const { address } = await temporalServer();
    const file = (name: string) => join(state, name);
    const signatures = (verb: string, name: string, ...more: string[]) =>
      runCli(['signatures', verb, id, '--file', file(name), '--task-queue', taskQueue, ...more], {
        environment: {
          TEMPORAL_ADDRESS: address,
          TEMPORAL_NAMESPACE: 'default',
          XDG_STATE_HOME: state,
        },
      });
    const exported = async (...more: string[]) => {
      const { code, err } = await signatures('export', 'to-sign.jsonl', ...more);
      assert.equal(code, 0, err);
      return linesOf<LineToSign>(file('to-sign.jsonl'));
    };
    const imported = (lines: unknown[]) => {
      writeFileSync(file('signed.jsonl'), lines.map((its) => `${JSON.stringify(its)}\n`).join(''));
      return signatures('import', 'signed.jsonl', '--as', 'ada', '--json');
    };
    const signed = ({ hash, toSign, signedBy }: LineToSign): HandedIn => {
      const bytes = Buffer.from(toSign, 'base64');
      return { hash, signature: Buffer.from(sandbox.sign(signedBy, bytes)).toString('base64') };
    };

    const id = await client.start({ ...REQUEST, parties: await everyParty(stack) });
    const { hostings, planHash } = await until(id, ({ gate }) => gate?.name === 'root-key');
    assert.deepEqual([hostings?.requests, hostings?.parties, hostings?.missing], [2, 4, 2]);
    const [delegation, , one, two] = await exported();
    assert.deepEqual(
      [delegation, one, two].map((its) => [its?.purpose, its?.transactions?.length]),
      [
        ['namespace-delegation', 1],
        ['party-hosting', 2],
        ['party-hosting', 2],
      ],
    );
    const target = sandbox.participants.target.uid;
    assert.ok(
      one?.transactions?.every(({ says }) => says.includes(`hosted by ${target} (confirmation)`)),
    );

    const mixedUp = { ...signed(two!), signature: signed(one!).signature };
    const first = await imported([signed(one!), mixedUp, { hash: 'ab', signature: 'AAAA' }]);
    assert.equal(first.code, 3, first.err);
    const { accepted, refused } = JSON.parse(first.out) as {
      accepted: number;
      refused: { line: number; type: string }[];
    };
    assert.deepEqual(
      [accepted, ...refused.map(({ line, type }) => `${line} ${type}`)],
      [1, '2 SignatureWrong', '3 HashUnknown'],
    );
    const approval = { gate: 'root-key', planHash: planHash!, approver: 'ada' } as const;
    await assert.rejects(client.approve(id, approval), { type: 'SignatureMissing' });

    const missing = await exported('--missing');
    assert.deepEqual(
      missing.map(({ purpose, hash }) => [purpose, hash === one?.hash]),
      [
        ['namespace-delegation', false],
        ['root-key-proof', false],
        ['party-hosting', false],
      ],
    );
    const ofRoot = signatureOf(await delegationOf(stack, id), pem);
    const rest = await imported([{ ...ofRoot, by: undefined }, signed(two!), signed(one!)]);
    assert.equal(rest.code, 0, rest.out + rest.err);
    const summary = JSON.parse(rest.out) as { accepted: number; alreadyGiven: number };
    assert.deepEqual([summary.accepted, summary.alreadyGiven], [2, 1]);

    await approve(id, 'root-key');
    await until(id, ({ gate }) => gate?.name === 'interrupt-service');

    const moved = sandbox.participants.target.parties('da').map(({ party }) => party);
    assert.equal(moved.filter((party) => party.startsWith('external-')).length, 4);
    const late = await signatures('export', 'to-sign.jsonl');
    assert.match(late.out, /^Nothing of it is to be signed any more: the gate root-key was passed\./m);
    assert.match(late.out, /^next: canton-migrate status/m);
    await client.abort(id, { by: 'test' });
  },
);

test('ceremony: one signature of a hosting is handed in as that of the delegation is, also one after another', async (t) => {
  const stack = await startMigrationStack(t, { scenario: SCENARIO });
  const { client, sandbox, until } = stack;
  const id = await client.start({ ...REQUEST, parties: await everyParty(stack) });
  await until(id, ({ gate }) => gate?.name === 'root-key');
  const { hostings } = await client.signaturesToProvide(id);
  const [one, two] = hostings!.requests.map(({ hash, key, algorithm }) => ({
    ...{ hash, signedBy: key.fingerprint, algorithm, by: 'ada' },
    signature: Buffer.from(sandbox.sign(key.fingerprint, Buffer.from(hash, 'hex'))).toString('base64'),
  }));

  await assert.rejects(client.provideSignature(id, { ...one!, signature: two!.signature }), {
    type: 'SignatureWrong',
  });
  await Promise.all([client.provideSignature(id, one!), client.provideSignature(id, two!)]);

  const status = await until(id, ({ hostings: counts }) => counts?.missing === 0);
  assert.equal(status.hostings?.given, 2);
  await client.abort(id, { by: 'test' });
  await until(id, ({ state }) => state === 'aborted');
  await assert.rejects(client.provideSignature(id, one!));
});

test('ceremony: signatures that are large or malformed are refused, and an abort does not wait for a store that fails', async (t) => {
  let isAsked = () => {};
  const asked = new Promise<void>((done) => (isAsked = done));
  const change = () => ({
    takeSignatures: () => {
      isAsked();
      return Promise.reject(new Error('the store does not answer'));
    },
  });
  const stack = await startMigrationStack(t, { scenario: SCENARIO, change });
  const { client, until, handle } = stack;
  const id = await client.start({ ...REQUEST, parties: await everyParty(stack) });
  await until(id, ({ gate }) => gate?.name === 'root-key');
  const handIn = (signatures: unknown) =>
    handle(id).executeUpdate('provideSignatures', { args: [{ signatures, by: 'ada' }] });
  const rejected = (type: string) => (error: Error) => {
    assert.equal((error.cause as { type?: string }).type, type, String(error.cause));
    return true;
  };
  const item = { hash: 'ab', signature: 'A'.repeat(900) };

  for (const wrong of [Array(100).fill(item), [null], [{ ...item, signature: 1 }], [{ hash: 'ab' }]])
    await assert.rejects(handIn(wrong), rejected('InputInvalid'));
  const waiting = assert.rejects(handIn([item]), rejected('NothingToSign'));
  await asked;
  await client.abort(id, { by: 'test' });
  await until(id, ({ state }) => state === 'aborted');
  await waiting;
  await assert.rejects(handle(id).result());
});

test('ceremony: signatures that come one by one end where updates would run out', () => {
  const migration = newMigration('one');

  refuseManySingle({ ...migration, singleHandIns: 499 });
  assert.throws(() => refuseManySingle({ ...migration, singleHandIns: 500 }), {
    ...{ type: 'TooManySingleSignatures', message: /together: canton-migrate signatures import/ },
  });
});

type Started = Awaited<ReturnType<typeof startMigrationStack>>;

/** Whoever names no party moves what the nodes can sign for. */
async function everyParty({ sandbox }: Started): Promise<string[]> {
  const { uid } = sandbox.participants.source;
  return sandbox.participants.source
    .parties('acme')
    .map(({ party }) => party)
    .filter((party) => party !== uid);
}

async function delegationOf({ until }: Started, id: string) {
  const { signatures = [] } = await until(id, (status) => status.signatures !== undefined);
  return signatures.find(({ purpose }) => purpose === 'namespace-delegation')!;
}

function linesOf<T>(file: string): T[] {
  const text = readFileSync(file, 'utf8').trimEnd();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as T);
}
