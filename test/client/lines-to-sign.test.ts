import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';

import { create, toBinary } from '@bufbuild/protobuf';

import {
  CryptoKeyFormat,
  SigningKeysWithThresholdSchema,
} from '../../canton/gen/com/digitalasset/canton/crypto/v30/crypto_pb.js';
import type { MigrationError } from '../../client/errors.js';
import { lineInWords, linesToSign, type LineToSign } from '../../client/lines-to-sign.js';
import { addressed } from '../../client/addressed.js';
import { isAsked, requireSigner, wanted, whatStands } from '../../client/lines-wanted.js';
import { nextAfterSigning, renderTaken } from '../../client/render/signatures.js';
import { createStyle } from '../../client/render/style.js';
import { takenTogether } from '../../client/taken-together.js';
import {
  countHostings,
  describeHostings,
  handedInProblem,
  type HandedIn,
  type SignatureRequest,
} from '../../model/ceremony.js';
import { newMigration, phaseOf } from '../../model/migration.js';
import { statusOf } from '../../model/migration-status.js';
import { hostingRequest } from '../support/hosting-signatures.js';
import { matchGolden } from './golden.js';
import { PLAN } from './samples.js';
import { runCli } from './run-cli.js';

const { publicKey } = generateKeyPairSync('ed25519');
const REQUEST = hostingRequest(publicKey, 'EC_CURVE25519', 2);

function lineOf(): LineToSign {
  const [line] = linesToSign({ requests: [], hostings: { requests: [REQUEST], signatures: [] } });
  return line!;
}

const show = (line: unknown) =>
  runCli(['signatures', 'show', '--file', '-'], { input: `${JSON.stringify(line)}\n` });

test('signatures: what a line says is read from its bytes, and needs neither Temporal nor Canton', async () => {
  const line = lineOf();
  const { code, out } = await show({ ...line, says: 'nothing of importance' });

  assert.equal(code, 0);
  for (const { party } of REQUEST.transactions) assert.match(out, new RegExp(party));
  assert.match(out, /party-hosting, required/);
  assert.match(out, /1 line, 1 of them required by the gate root-key/);
  assert.match(
    out,
    /hosted by target::1220(ab)+ \(confirmation, onboarding\), threshold 1 \(serial 2\)/,
  );
  assert.doesNotMatch(out, /nothing of importance/);
});

test('signatures: of keys of its own it is told how many sign for the party', () => {
  const publicKeys = [publicKey, generateKeyPairSync('ed25519').publicKey];
  const keys = publicKeys.map((its) => ({
    format: CryptoKeyFormat.DER_X509_SUBJECT_PUBLIC_KEY_INFO,
    publicKey: its.export({ format: 'der', type: 'spki' }),
  }));
  for (const threshold of [1, 2]) {
    const message = create(SigningKeysWithThresholdSchema, { keys, threshold });
    const bytes = toBinary(SigningKeysWithThresholdSchema, message);
    const signingKeys = Buffer.from(bytes).toString('base64');
    const request = hostingRequest(publicKey, 'EC_CURVE25519', 1, { signingKeys });
    const hostings = { requests: [request], signatures: [] };
    const [line] = linesToSign({ requests: [], hostings });
    assert.match(lineInWords({ ...line }).says, new RegExp(`of which ${threshold} of 2 sign: 1220`));
  }
});

test('signatures: a line whose hash is not that of its bytes is refused before anybody signs it', async () => {
  const line = lineOf();
  const [one, two] = line.transactions!;
  const other = Buffer.from(`1220${'cd'.repeat(32)}`, 'hex').toString('base64');
  for (const wrong of [
    { ...line, toSign: other },
    { ...line, hash: one!.hash },
    { ...line, transactions: [one, { ...two, transaction: one!.transaction }] },
    { ...line, transactions: [one] },
  ]) {
    const { code, err } = await show(wrong);
    assert.equal(code, 4, err);
    assert.match(err, /HashMismatch/);
    assert.match(err, /line 1: /);
  }
});

test('signatures: what is no proof is not shown as one, and what is signed for a key names that key', async () => {
  const { transactions, ...line } = lineOf();
  const text = Buffer.from('canton-migrate: a proof');
  const hash = createHash('sha256').update(text).digest('hex');
  const proof = { ...line, purpose: 'root-key-proof', hash, toSign: text.toString('base64') };
  const { out } = await show({ ...proof, says: 'nothing of importance' });
  assert.match(out, /canton-migrate: a proof/);
  assert.doesNotMatch(out, /nothing of importance/);
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ ...proof, purpose: 'party-hosting' }, /LineInvalid/],
    [{ ...line, purpose: 'root-key-proof' }, /LineInvalid.*toSign/s],
    [{ ...proof, hash: line.hash }, /HashMismatch/],
    [{ ...proof, signedBy: `1220${'ab'.repeat(32)}` }, /HashMismatch.*publicKey/s],
    [{ ...line, transactions, purpose: 'namespace-delegation' }, /LineInvalid.*party-hosting/s],
    [{ ...line, transactions: [] }, /LineInvalid.*transactions/s],
    [{ ...line, transactions: [{}] }, /LineInvalid.*transaction/s],
    [{ ...proof, toSign: `${proof.toSign}=AAAA` }, /LineInvalid.*base64/s],
    [{ hash: 'x' }, /LineInvalid/],
    [{ hash: 'x', signature: 'aa' }, /LineInvalid/],
  ];
  for (const [wrong, why] of cases)
    assert.throws(
      () => lineInWords(wrong),
      (error: MigrationError) => why.test(`${error.type}: ${error.message}`),
    );
  const { code, err } = await show({ hash: 'x', signature: 'aa' });
  assert.equal(code, 2, err);
  assert.match(err, /line 1: /);
});

test('signatures: a file without a line, or none, is said before anybody is asked', async () => {
  for (const verb of ['show', 'import']) {
    const { code, err } = await runCli(['signatures', verb, '--file', '-'], { input: '\n' });
    assert.equal(code, 2, err);
    assert.match(err, /without a line/);
  }
  const folder = await runCli(['signatures', 'import', '--file', '/']);
  assert.equal(folder.code, 2, folder.err);
  assert.match(folder.err, /FileUnusable.*EISDIR/);
  const { code, err } = await runCli(['signatures', 'import', '--file', '/nowhere/signed.jsonl']);
  assert.equal(code, 2, err);
  assert.match(err, /FileUnusable/);
  assert.match(err, /name a file that exists and is readable/);
});

test('signatures: signatures of the root key go one by one and all others at once, each known by its line', async () => {
  const key = REQUEST.key;
  const root: SignatureRequest = {
    ...{ purpose: 'namespace-delegation', isRequired: true, key, algorithm: 'ED25519' },
    ...{ hash: 'aa', toSign: 'qg==' },
  };
  const handedIn: HandedIn[] = ['bb', 'aa', 'cc', 'aa', 'dd'].map((hash) => ({ hash, signature: 's' }));
  const hostings = { requests: [REQUEST], signatures: [] };
  const many: string[][] = [];

  const taken = await takenTogether({ requests: [root], hostings }, handedIn, {
    one: () => Promise.resolve(),
    many: (list) => {
      many.push(list.map(({ hash }) => hash));
      const refused = [{ line: 3, hash: 'dd', type: 'SignatureWrong', why: 'wrong' }];
      return Promise.resolve({ accepted: 2, alreadyGiven: 0, refusedCount: 1, refused });
    },
  });

  assert.deepEqual(many, [['bb', 'cc', 'dd']]);
  assert.deepEqual([taken.accepted, taken.alreadyGiven, taken.refusedCount], [3, 1, 1]);
  assert.deepEqual(
    taken.refused.map(({ line, hash }) => [line, hash]),
    [[5, 'dd']],
  );
});

test('signatures: what is missing is exported without a proof that nobody waits for, and only of keys that sign', () => {
  const key = REQUEST.key;
  const [line] = [lineOf()];
  const proof: LineToSign = { ...line, purpose: 'root-key-proof', isRequired: false };
  const ofOwner: LineToSign = { ...line, isRequired: false };
  const taken = [...wanted([line, proof, ofOwner], { missing: true }, () => undefined)];
  assert.deepEqual(taken, [line, ofOwner]);

  const toSign = { requests: [], hostings: { requests: [REQUEST], signatures: [] } };
  requireSigner(toSign, key.fingerprint);
  assert.throws(
    () => requireSigner(toSign, '1220dead'),
    (error: MigrationError) => error.message.includes(key.fingerprint) && error.kind === 'usage',
  );
});

test('signatures: once nothing is asked for any more, an export says so and what stands', () => {
  const key = REQUEST.key;
  const signature = { hash: REQUEST.hash, signedBy: key.fingerprint, signature: '', by: 'ada' };
  const other = { ...REQUEST, hash: `1220${'0'.repeat(64)}`, isRequired: false };
  const given = [{ ...signature, providedAt: '2026-01-02T03:04:05Z' }];
  const toSign = { requests: [], hostings: { requests: [REQUEST, other], signatures: given } };
  const counts = countHostings([REQUEST, other], given);
  const steps = [
    { name: 'host-parties', phase: 'recreate-parties', serving: 'source', state: 'running' },
  ] as const;
  const hostings = { counts, requests: [REQUEST, other], signatures: given };
  const asked = { ...newMigration('m'), steps: [...steps], hostings };
  const done = structuredClone({ ...asked, hashed: PLAN });
  phaseOf(done, 'recreate-parties').state = 'done';

  assert.equal(isAsked(statusOf(asked)), true);
  assert.deepEqual(statusOf(asked).hostings, counts);
  // Of the owner who has not signed nothing is needed any more.
  assert.equal(statusOf(done).hostings, undefined);
  assert.equal(isAsked(statusOf(done)), false);
  assert.equal(
    whatStands(toSign, statusOf(done)),
    'Nothing of it is to be signed any more: the gate root-key was passed. 1 of 2 signatures given, which stand; nothing waits for the other 1',
  );
  assert.match(whatStands(toSign, statusOf({ ...done, state: 'aborted' })), /the migration is aborted/);
  assert.match(describeHostings(counts, true), /^1 of 2 signatures given, .*; no other was needed$/);
});

test('signatures: an import says what is missing, what is not signed yet, and that a file is of another migration', () => {
  const status = statusOf(newMigration('m'));
  const hostings = { ...countHostings([REQUEST], []), requests: 5, given: 3, missing: 2 };
  const none = { accepted: 0, alreadyGiven: 0, refusedCount: 0, refused: [] };
  const some = { ...none, accepted: 3 };
  assert.match(nextAfterSigning(some, { ...status, hostings }), /^2 still missing: .* --missing$/);
  assert.equal(nextAfterSigning(some, status), status.next);
  const style = createStyle({ isTerminal: false, hasColor: false });
  const refused = [1, 2].map((at) => ({ line: at, hash: 'aa', type: 'HashUnknown', why: 'long' }));
  const foreign = { ...none, refusedCount: 2, refused };
  const text = renderTaken({ ...foreign, id: 'm', by: 'ada' }, status, style);
  assert.match(text, /none of 2 lines belongs to m/);
  assert.doesNotMatch(text, /HashUnknown/);
  assert.match(nextAfterSigning(foreign, status), /^export again/);
  assert.match(handedInProblem({ hash: 'aa' })!, /not signed yet/);
});

test('cli: what is to be done next names the migration as the operator named it', () => {
  const told =
    'canton-migrate signatures export --missing, then canton-migrate approve root-key --plan-hash 3f, or canton-migrate abort';
  assert.equal(addressed(told, undefined), told);
  assert.equal(
    addressed(told, 'old::1220'),
    'canton-migrate signatures export old::1220 --missing, then canton-migrate approve root-key old::1220 --plan-hash 3f, or canton-migrate abort old::1220',
  );
  const named = 'canton-migrate status migrate-participant/old::1220';
  assert.equal(addressed(named, 'old::1220'), named);
});

for (const verb of ['export', 'import', 'show']) {
  test(`signatures: the help of ${verb} has its options`, async () => {
    const { code, out } = await runCli(['signatures', verb, '--help']);

    assert.equal(code, 0);
    matchGolden(`help-signatures-${verb}`, out);
  });
}
