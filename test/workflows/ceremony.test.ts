import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import test from 'node:test';

import type { ProvideSignatureInput, SignatureToProvide } from '../../model/ceremony.js';
import type { ApprovalPolicy } from '../../model/plan.js';
import type { MigrationStatus } from '../../model/steering.js';
import { QUICK_TIMING } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import { signatureOf } from '../support/offline-key.js';
import { REQUEST, SMALL } from '../support/stack.js';
import { startMigrationStack } from '../support/temporal.js';

const isAtRootKey = ({ gate }: MigrationStatus) => gate?.name === 'root-key';
const wantedOf = ({ signatures = [] }: MigrationStatus, purpose: SignatureToProvide['purpose']) =>
  signatures.find((its) => its.purpose === purpose)!;

for (const rootKeySpec of ['EC_CURVE25519', 'EC_P256', 'EC_P384'] as const) {
  test(
    `ceremony: a delegation by an offline ${rootKeySpec} key is signed at the gate, and the migration ends well`,
    RARER,
    async (t) => {
      const scenario = { ...SMALL, source: { rootKeySpec } };
      const { client, sandbox, until, approve } = await startMigrationStack(t, { scenario });
      const pem = sandbox.participants.source.takeRootKey();
      const id = await client.start(REQUEST);
      const atGate = await until(id, isAtRootKey);
      const wanted = wantedOf(atGate, 'namespace-delegation');
      const approval = { gate: 'root-key', planHash: atGate.planHash!, approver: 'test' } as const;

      assert.equal(wanted.isRequired, true);
      assert.equal(wanted.toSign.hex, wanted.hash);
      await assert.rejects(client.approve(id, approval), { type: 'SignatureMissing' });
      await client.provideSignature(id, signatureOf(wanted, pem));
      await client.approve(id, { ...approval, approver: 'another' });
      await approve(id, 'interrupt-service');
      await approve(id, 'cut-over');
      const report = await client.result(id);

      assert.equal(report.verification.isEqual, true);
      assert.deepEqual(
        report.signatures?.map(({ purpose, signedBy, hash, by }) => ({ purpose, signedBy, hash, by })),
        [
          {
            purpose: 'namespace-delegation',
            signedBy: wanted.signedBy,
            hash: wanted.hash,
            by: 'keeper',
          },
        ],
      );
      const { source, target } = sandbox.participants;
      const [namespace, targetKey] = [source, target].map(({ uid }) => uid.split('::')[1]);
      for (const its of [source.delegations('acme'), target.delegations('da')]) {
        assert.ok(its.some((one) => one.namespace === namespace && one.target === targetKey));
      }
    },
  );
}

test('ceremony: a signature that is not right is rejected with the reason and leaves no trace', async (t) => {
  const { client, sandbox, until, handle } = await startMigrationStack(t);
  const pem = sandbox.participants.source.takeRootKey();
  const id = await client.start(REQUEST);
  const wanted = wantedOf(await until(id, isAtRootKey), 'namespace-delegation');
  const right = signatureOf(wanted, pem);
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const strangers = stranger.export({ format: 'pem', type: 'pkcs8' }).toString();
  const ofAnotherText = { ...wanted, toSign: { ...wanted.toSign, base64: 'b3RoZXI=' } };
  const rejected = async (input: unknown, type: string, says: RegExp) => {
    await assert.rejects(client.provideSignature(id, input as ProvideSignatureInput), (error: Error) => {
      assert.equal((error as { type?: string }).type, type, error.message);
      assert.match(error.message, says);
      return true;
    });
  };

  await rejected({ ...right, hash: 'ab' }, 'HashUnknown', /hash: found ab, expected 1220/);
  await rejected({ ...right, hash: right.hash.toUpperCase() }, 'HashUnknown', /expected 1220/);
  await rejected(
    { ...right, signedBy: '1220ff' },
    'KeyMismatch',
    /signedBy: found 1220ff, expected 1220/,
  );
  await rejected({ ...right, algorithm: 'EC_DSA_SHA_256' }, 'AlgorithmMismatch', /expected ED25519/);
  await rejected({ ...right, signature: 'AAAA' }, 'SignatureLength', /found 3 bytes, expected 64/);
  await rejected({ ...right, signature: '???' }, 'InputInvalid', /not base64/);
  await rejected({ ...right, by: ' ' }, 'InputInvalid', /by: found nothing/);
  await rejected({}, 'InputInvalid', /hash: found nothing/);
  await rejected(signatureOf(wanted, strangers), 'SignatureWrong', /another key, or of another text/);
  await rejected(signatureOf(ofAnotherText, pem), 'SignatureWrong', /another key, or of another text/);

  const { events } = await handle(id).fetchHistory();
  assert.ok(events!.every((its) => !its.workflowExecutionUpdateAcceptedEventAttributes));
  await client.provideSignature(id, right);
  await rejected(
    { ...right, signature: right.signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) },
    'AlreadySigned',
    /keeper submitted another signature of it already/,
  );
  await client.abort(id, { by: 'test' });
});

test('ceremony: a signature that is handed in twice is there already, and who gave it first stays', async (t) => {
  const { client, sandbox, until, approve } = await startMigrationStack(t);
  const pem = sandbox.participants.source.takeRootKey();
  const id = await client.start(REQUEST);
  const right = signatureOf(wantedOf(await until(id, isAtRootKey), 'namespace-delegation'), pem);
  const byOf = async () => {
    const status = await until(id, ({ signatures }) => signatures !== undefined);
    return wantedOf(status, 'namespace-delegation').providedBy;
  };

  await client.provideSignature(id, right);
  await client.provideSignature(id, { ...right, by: 'somebody else' });
  assert.equal(await byOf(), 'keeper');
  await approve(id, 'root-key');
  await client.provideSignature(id, right);
  await client.abort(id, { by: 'test' });
});

test('ceremony: a proof and a second approver are compulsory if the worker says so', async (t) => {
  const approval: ApprovalPolicy = {
    rootKeyProof: 'required',
    approvers: [],
    twoPersons: ['root-key'],
  };
  const { client, sandbox, until, handle } = await startMigrationStack(t, { approval });
  const pem = sandbox.participants.source.takeRootKey();
  const id = await client.start(REQUEST);
  const atGate = await until(id, isAtRootKey);
  const { planHash } = atGate;
  const approveAs = (approver: string) =>
    client.approve(id, { gate: 'root-key', planHash: planHash!, approver });
  const proof = wantedOf(atGate, 'root-key-proof');

  assert.equal(proof.isRequired, true);
  const text = Buffer.from(proof.toSign.base64, 'base64').toString();
  assert.ok(text.includes(id) && text.includes(planHash!) && text.includes('challenge'), text);
  await client.provideSignature(id, signatureOf(wantedOf(atGate, 'namespace-delegation'), pem));
  await assert.rejects(approveAs('ada'), /root-key-proof/);
  await client.provideSignature(id, signatureOf(proof, pem));
  await approveAs('ada');
  assert.equal((await until(id, ({ approvals }) => approvals.length === 1)).gate?.name, 'root-key');
  await assert.rejects(
    handle(id).executeUpdate('approve', { args: [{ gate: 'root-key', planHash, approver: 'ada' }] }),
    (error: Error) => /asks for another person/.test((error.cause as Error).message),
  );
  await approveAs('grace');
  await until(id, ({ gate }) => gate?.name === 'interrupt-service');
  await client.abort(id, { by: 'test' });
});

test('ceremony: a key that the source holds signs by itself, and a proof is offered all the same', async (t) => {
  const { client, until, approve } = await startMigrationStack(t);
  const id = await client.start(REQUEST);
  const { signatures = [] } = await until(id, isAtRootKey);

  assert.deepEqual(
    signatures.map(({ purpose, isRequired }) => [purpose, isRequired]),
    [['root-key-proof', false]],
  );
  await approve(id, 'root-key');
  await until(id, ({ gate }) => gate?.name === 'interrupt-service');
  await client.abort(id, { by: 'test' });
});

test('ceremony: a target whose KMS has lost its keys is found out before anything changes', async (t) => {
  const { client, sandbox } = await startMigrationStack(t, {
    scenario: { timing: QUICK_TIMING, contracts: { count: 10 } },
  });
  sandbox.kms.loseKeys();

  const { plan } = await client.plan(REQUEST);

  assert.deepEqual(
    plan.obstacles.map(({ type }) => type),
    ['KmsNotSigning'],
  );
  const temporary = sandbox.calls.list({ participant: 'target' }).map(({ method }) => method);
  assert.ok(temporary.includes('DropTemporaryTopologyStore'), temporary.join());
  assert.deepEqual(sandbox.calls.list({ isMutating: true }), []);
});
