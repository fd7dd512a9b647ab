import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import type { ApprovalPolicy } from '../../model/plan.js';
import { readPublicKey } from '../../report/public-keys.js';
import { runCli } from '../client/run-cli.js';
import { testApprover } from '../support/approvers.js';
import { COLD_GATES } from '../support/driving.js';
import { REQUEST, SMALL } from '../support/stack.js';
import { startMigrationStack, temporalServer } from '../support/temporal.js';

/** Signs a file as the commands say that the CLI prints; with openssl where there is no ssh-keygen. */
function signer(folder: string): { name: string; publicKey: string; sign: (file: string) => void } {
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: folder, stdio: 'ignore' });
  const read = () => readFileSync(join(folder, 'key.pub'), 'utf8');
  try {
    run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', 'key');
    const sign = (file: string) =>
      run('ssh-keygen', '-Y', 'sign', '-n', 'canton-migrate', '-f', 'key', file);
    return { name: 'Ada Lovelace', publicKey: read(), sign };
  } catch {
    run('openssl', 'genpkey', '-algorithm', 'ed25519', '-out', 'key');
    run('openssl', 'pkey', '-in', 'key', '-pubout', '-out', 'key.pub');
    const sign = (file: string) =>
      run('openssl', 'pkeyutl', '-sign', '-rawin', '-inkey', 'key', '-in', file, '-out', `${file}.sig`);
    return { name: 'Ada Lovelace', publicKey: read(), sign };
  }
}

test('approvals: signed on the command line and by a client, checked by workflow and worker, and kept in the report', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-approvals-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const ada = signer(folder);
  const grace = testApprover('Grace Hopper', 'ecdsa-p256');
  const adaAsApprover = { name: ada.name, ...readPublicKey(ada.publicKey) };
  const approval: ApprovalPolicy = {
    rootKeyProof: 'optional',
    approvers: [adaAsApprover, grace.approver],
    twoPersons: ['root-key'],
  };
  const scenario = { ...SMALL, parties: { local: 2 }, contracts: { count: 8 } };
  const { client, taskQueue, until } = await startMigrationStack(t, { scenario, approval });
  const { address } = await temporalServer();
  const environment = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' };
  const run = async (...args: string[]) => {
    const { code, out, err } = await runCli([...args, '--task-queue', taskQueue], { environment });
    return { code, said: `${out}${err}` };
  };
  const text = join(folder, 'approval.txt');

  const id = await client.start(REQUEST);
  const { planHash = '' } = await until(id, ({ gate }) => gate?.name === 'root-key');
  const bare = await run('approve', 'root-key', id, '--as', ada.name, '--plan-hash', planHash);
  assert.deepEqual([bare.code, /ApprovalNotSigned/.test(bare.said)], [3, true], bare.said);
  const other = await run('approve', 'root-key', id, '--plan-hash', 'x', '--write-text', text);
  assert.match(other.said, /PlanHashMismatch: --plan-hash: found x, expected [0-9a-f]{64}/);
  const written = await run('approve', 'root-key', id, '--as', ada.name, '--write-text', text);
  assert.equal(written.code, 0, written.said);
  assert.ok(written.said.includes(`ssh-keygen -Y sign -n canton-migrate -f ~/.ssh/id_ed25519 ${text}`));
  assert.ok(written.said.includes('confirms that'), written.said);
  ada.sign('approval.txt');
  const files = ['--text', text, '--signature-file', `${text}.sig`];
  const elsewhere = await run('approve', 'cut-over', id, ...files);
  assert.match(elsewhere.said, /found an approval of root-key, expected cut-over/);
  const approved = await run('approve', 'root-key', id, ...files);
  assert.equal(approved.code, 0, approved.said);
  assert.match(approved.said, /approved root-key as Ada Lovelace/);

  const signedAt = () => new Date().toISOString();
  const { name: approver } = grace.approver;
  for (const gate of COLD_GATES) {
    await until(id, (status) => status.gate?.name === gate);
    const its = { gate, planHash, signedAt: signedAt() };
    const signature = grace.sign({ ...its, migration: id });
    const replayed = grace.sign({
      ...its,
      migration: id,
      gate: gate === 'cut-over' ? 'root-key' : 'cut-over',
    });
    await assert.rejects(client.approve(id, { ...its, approver, signature: replayed }), {
      type: 'ApprovalSignatureInvalid',
    });
    await client.approve(id, { ...its, approver, signature });
  }

  const report = await client.result(id);
  assert.equal(report.approvers, 'signed');
  assert.deepEqual(
    report.approvals.map((its) => [its.gate, its.approver, its.signed?.fingerprint]),
    [
      ['root-key', ada.name, adaAsApprover.fingerprint],
      ...COLD_GATES.map((gate) => [gate, approver, grace.approver.fingerprint]),
    ],
  );
  await client.closeMigration(id, { by: 'test' });
});
