import assert from 'node:assert/strict';
import test from 'node:test';
import type { SandboxOptions } from '../../sandbox/index.js';
import { fingerprint, type SigningPublicKey } from '../../sandbox/crypto.js';
import { intermediateCertificate, rootCertificate, seededSigner } from '../../sandbox/signers.js';
import type { SignedTransaction } from '../../sandbox/topology/transaction.js';
import { decode } from '../../sandbox/wire.js';
import { darBytes } from '../../sandbox/seeding.js';
import { loadRecording, type RecordedCall } from './recording.js';
import { ends, offsets, playAll, stage, type Stage } from './stage.js';
import { until } from './states.js';

const IOU = { name: 'lab-iou', version: '1.0.0', isVetted: true } as const;
const UPGRADED = {
  source: {
    ...{ alias: 'A', name: 'syncA', url: 'http://127.0.0.1:5101' },
    ...{ protocolVersion: 35, serial: 1 },
  },
  target: { alias: 'B', name: 'syncB', url: 'http://127.0.0.1:5201' },
} as const satisfies NonNullable<SandboxOptions['scenario']>['synchronizers'];

test('key-rotation.jsonl: a key that is retired stays in the vault, and is no longer in use', async (t) => {
  const at = await stage(t, 'key-rotation', {
    target: { name: 'pnew', isKmsBacked: true, synchronizers: ['source'], dars: [IOU] },
    synchronizers: UPGRADED,
  });
  const inUse = (serial: number) => () =>
    until(
      async () => at.sandbox.synchronizers.source.store.all('otk').at(-1),
      (last) => last?.transaction.serial === serial && last.validFrom < BigInt(Date.now()) * 1000n,
    );
  await playAll('key-rotation', at, { before: { 5: inUse(2), 8: inUse(3) } });
});

test('offline-root-kms.jsonl: an intermediate key signs for a namespace whose root is offline', async (t) => {
  const at = await stage(t, 'offline-root-kms', {
    source: { name: 'pold', dars: [IOU] },
    parties: {
      ...{ local: 3, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 },
      names: ['Off748', 'Alice', 'Bob'],
    },
    target: { name: 'pnew', isKmsBacked: true, identity: 'manual', synchronizers: [], dars: [] },
    synchronizers: UPGRADED,
  });
  const { target, source } = at.sandbox.participants;
  at.player.pair('http://127.0.0.1:25301', UPGRADED.source.url);
  const uploaded = async () =>
    target.ledger.packages.add(darBytes(IOU), `${IOU.name}-${IOU.version}.dar`);
  const hosted = () =>
    until(
      async () => source.parties('A').find(({ party }) => party.startsWith('Off748')),
      (mapping) => mapping?.participants.length === 2,
    );
  await playAll('offline-root-kms', at, {
    before: {
      4: givenRoot(at),
      14: uploaded,
      15: importable(at),
      18: async () => offsets(at, { 1711: ends(at).old }),
      20: async () => offsets(at, { 203: ends(at).new }),
      23: hosted,
      24: async () => offsets(at, { 1735: ends(at).old }),
    },
    poll: [19],
  });
});

/** The root key of the recording was never on a node: here one of the test's own takes its place. */
function givenRoot({ sandbox, player }: Stage): () => Promise<void> {
  return async () => {
    const root = seededSigner('keys.test', ['SIGNING_KEY_USAGE_NAMESPACE']);
    const { vault } = sandbox.participants.target.participant.node;
    const own = [rootCertificate(root), intermediateCertificate(root, vault.namespaceKey().signing)];
    const [request] = decoded(callOf(5), 'InitIdRequest') as {
      namespace: string;
      namespace_delegations: Delegation[];
    }[];
    assert.ok(request);
    player.pairIds(`pint::${request.namespace}`, `pint::${root.id}`);
    request.namespace_delegations.forEach((one, n) => pairTransaction(player, one, own[n]!));
  };
}

interface Delegation {
  readonly transaction: Buffer;
  readonly signatures: readonly { readonly signature: Buffer }[];
}

function pairTransaction(player: Stage['player'], one: Delegation, own: SignedTransaction): void {
  player.pair(one.transaction, own.transaction.bytes);
  one.signatures.forEach(({ signature }, n) => player.pair(signature, own.signatures[n]!.signature));
}

/** `ImportPublicKey` takes a serialised key; signatures name one by its fingerprint. */
function importable({ sandbox, player }: Stage): () => Promise<void> {
  return async () => {
    const own = sandbox.participants.target.participant.node.vault.namespaceKey();
    const [made] = decoded(callOf(2), 'GenerateSigningKeyResponse') as {
      public_key: SigningPublicKey;
    }[];
    const [sent] = decoded(callOf(15), 'ImportPublicKeyRequest') as { public_key: Buffer }[];
    assert.ok(made && sent);
    const { public_key: recorded } = made.public_key;
    const hex = (bytes: Buffer) => bytes.toString('hex');
    const ours = hex(sent.public_key).replace(hex(recorded), hex(own.signing.public_key));
    player.pair(sent.public_key, Buffer.from(ours, 'hex'));
    player.pair(fingerprint(recorded), own.fingerprint);
  };
}

function callOf(order: number): RecordedCall {
  const found = loadRecording('offline-root-kms').find((call) => call.order === order);
  assert.ok(found);
  return found;
}

function decoded({ rpc, request, response }: RecordedCall, name: string): unknown[] {
  const scope = rpc.slice(0, rpc.lastIndexOf('.'));
  const bytes = name.endsWith('Request') ? request : response;
  return [bytes].flat().map((one) => decode(`${scope}.${name}`, Buffer.from(one ?? '', 'base64')));
}
