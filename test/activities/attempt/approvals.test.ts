import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';

import { assertApproved, type GatedAct } from '../../../activities/attempt/approvals.js';
import { readSigned } from '../../../client/approval-files.js';
import { approvalText, readApprovalText, type SignedApproval } from '../../../model/approver.js';
import { StepFailure } from '../../../model/failure.js';
import { newMigration, type Migration } from '../../../model/migration.js';
import type { Gate } from '../../../model/phase.js';
import type { ApprovalPolicy, HashedPlan } from '../../../model/plan.js';
import type { Approval } from '../../../model/report.js';
import type { ApproveInput } from '../../../model/steering.js';
import { readPublicKey } from '../../../report/public-keys.js';
import { approvalOf, refuseUnsigned } from '../../../workflows/steering/approvals.js';
import { testApprover, type TestApprover } from '../../support/approvers.js';

const MIGRATION = 'migrate-participant/source::1220';
const HASH = 'a'.repeat(64);
const MINUTE_MS = 60_000;

const ada = testApprover('Ada Lovelace');
const grace = testApprover('Grace Hopper', 'ecdsa-p256');
const mallory = testApprover('Mallory');
const POLICY: ApprovalPolicy = {
  rootKeyProof: 'optional',
  approvers: [ada.approver, grace.approver],
  twoPersons: ['cut-over'],
};

const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString();
const textOf = (over: Partial<SignedApproval> = {}) => ({
  ...{ migration: MIGRATION, gate: 'root-key' as Gate, planHash: HASH, signedAt: ago(0) },
  ...over,
});

/** What somebody hands in; the signature is over `signed`, if that is something else. */
function handedIn(
  by: TestApprover,
  over: Partial<SignedApproval> = {},
  signed: Partial<SignedApproval> = over,
): ApproveInput {
  const its: Partial<SignedApproval> & ReturnType<typeof textOf> = textOf(over);
  const signature = by.sign(textOf({ signedAt: its.signedAt, ...signed }));
  delete (its as Partial<SignedApproval>).migration;
  return { approver: by.approver.name, ...its, signature };
}

function migrationWith(approvals: Approval[] = [], approval = POLICY): Migration {
  const hashed = { plan: { approval }, hash: HASH, plannedOffset: '0' } as unknown as HashedPlan;
  return { ...newMigration(MIGRATION), hashed, approvals };
}

/** What the workflow says to an approval: the type of its rejection, or nothing. */
function rejected(input: ApproveInput, migration = migrationWith()): string | undefined {
  try {
    refuseUnsigned(migration, input);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ApplicationFailure, String(error));
    return error.type ?? '';
  }
}

/** What the worker says to an act, given these approvals: the type of its refusal, or nothing. */
function refused(
  inputs: ApproveInput[],
  act: Partial<GatedAct> = {},
  { policy = POLICY, isTakingBack = false } = {},
): string | undefined {
  const approvals = inputs.map((input) => approvalOf(migrationWith(), input));
  const its: GatedAct = {
    activity: 'ensureDar',
    migration: MIGRATION,
    planned: { planHash: HASH, procedure: 'cold' },
    startedAt: new Date(ago(5)),
    ...act,
  };
  try {
    assertApproved(policy, { approvals, ...(isTakingBack && { isTakingBack }) }, its);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof StepFailure, String(error));
    assert.equal(error.kind, 'refused');
    return error.type;
  }
}

for (const by of [ada, grace]) {
  const { name, algorithm } = by.approver;
  test(`approvals: ${algorithm}: what ${name} signed opens its gate, for the workflow and the worker`, () => {
    const input = handedIn(by);
    assert.equal(rejected(input), undefined);
    assert.equal(refused([input]), undefined);
    const { signed } = approvalOf(migrationWith(), input);
    const { fingerprint } = by.approver;
    assert.deepEqual(signed, { at: input.signedAt, signature: input.signature, fingerprint });
  });
}

for (const [what, input, type] of [
  ['without a signature', { ...handedIn(ada), signature: undefined }, 'ApprovalNotSigned'],
  ['without a time', { ...handedIn(ada), signedAt: undefined }, 'ApprovalNotSigned'],
  ['of somebody else', handedIn(mallory), 'ApproverUnknown'],
  [
    'with the key of another',
    { ...handedIn(grace), approver: ada.approver.name },
    'ApprovalSignatureInvalid',
  ],
  [
    'that was made for another gate',
    handedIn(ada, {}, { gate: 'cut-over' }),
    'ApprovalSignatureInvalid',
  ],
  [
    'that was made for another plan',
    handedIn(ada, {}, { planHash: 'b'.repeat(64) }),
    'ApprovalSignatureInvalid',
  ],
  [
    'that was made for another migration',
    handedIn(ada, {}, { migration: `${MIGRATION}0` }),
    'ApprovalSignatureInvalid',
  ],
  [
    'that was made for another time',
    handedIn(ada, {}, { signedAt: ago(1) }),
    'ApprovalSignatureInvalid',
  ],
  [
    'with other evidence',
    handedIn(ada, { evidence: 'none' }, { evidence: 'a backup' }),
    'ApprovalSignatureInvalid',
  ],
  ['with a signature cut short', { ...handedIn(ada), signature: 'AAAA' }, 'ApprovalSignatureInvalid'],
  [
    'with a signature that is none',
    { ...handedIn(ada), signature: 'U1NIU0lHAAAAAQ==' },
    'ApprovalSignatureInvalid',
  ],
] as [string, ApproveInput, string][]) {
  test(`approvals: one ${what} is rejected by the workflow and refused by the worker`, () => {
    assert.equal(rejected(input), type);
    assert.equal(refused([input]), type);
  });
}

test('approvals: a time of long ago, or far ahead, is rejected, and the worker takes none from before the migration', () => {
  for (const minutes of [16, -6])
    assert.equal(rejected(handedIn(ada, { signedAt: ago(minutes) })), 'ApprovalExpired');
  for (const minutes of [14, -4])
    assert.equal(rejected(handedIn(ada, { signedAt: ago(minutes) })), undefined);
  assert.equal(rejected(handedIn(ada, { signedAt: 'now' })), 'ApprovalExpired');
  assert.equal(refused([handedIn(ada, { signedAt: ago(21) })]), 'ApprovalExpired');
  // A step may come long after its gate was opened.
  const startedAt = new Date(ago(600));
  assert.equal(refused([handedIn(ada, { signedAt: ago(590) })], { startedAt }), undefined);
});

test('approvals: two people, not one of them twice, and the worker counts them itself', () => {
  const [first, again, second] = [ada, ada, grace].map((by) => handedIn(by, { gate: 'cut-over' }));
  const approved = migrationWith([approvalOf(migrationWith(), first!)]);
  const act = { activity: 'connectProvenTarget' };

  assert.equal(rejected(again!, approved), 'SecondApproverNeeded');
  assert.equal(rejected(second!, approved), undefined);
  assert.equal(refused([first!], act), 'SecondApproverNeeded');
  assert.equal(refused([first!, again!], act), 'SecondApproverNeeded');
  assert.equal(refused([first!, second!], act), undefined);
});

test('approvals: what opened one gate allows no act behind another one', () => {
  const early = handedIn(ada);
  assert.equal(refused([early], { activity: 'quiesceSource' }), 'ApprovalNotSigned');
  assert.equal(refused([], { activity: 'ensureParkedAgain' }), 'ApprovalNotSigned');
});

test('approvals: the signature of an approver who was removed allows nothing more, but taking back waits for nobody', () => {
  const policy = { ...POLICY, approvers: [grace.approver] };
  const input = handedIn(ada, { gate: 'interrupt-service' });
  const isolating = { activity: 'isolateTarget' };

  assert.equal(refused([input], isolating), undefined);
  assert.equal(refused([input], isolating, { policy }), 'ApproverUnknown');
  assert.equal(refused([], isolating, { policy, isTakingBack: true }), undefined);
  assert.equal(refused([], { activity: 'withdrawParties' }, { policy }), undefined);
  // Nothing that an abort never does.
  for (const activity of [
    'connectProvenTarget',
    'removeSourceHosting',
    'ensureParkedAgain',
    'activateParties',
  ])
    assert.equal(
      refused([], { activity }, { policy, isTakingBack: true }),
      'ApprovalNotSigned',
      activity,
    );
});

test('approvals: without approvers names are taken as given, and a signature that nothing can check is rejected', () => {
  const none = { ...POLICY, approvers: [] };
  const input = handedIn(mallory);
  delete input.signature;
  delete input.signedAt;
  assert.equal(rejected(input, migrationWith([], none)), undefined);
  assert.equal(refused([input], {}, { policy: none }), undefined);
  assert.equal(rejected(handedIn(ada), migrationWith([], none)), 'InputInvalid');
});

test('approvals: the text says what is approved in one line each, whatever stands in it', () => {
  const its = { ...textOf({ waiver: 'none\nplan: "b"' }), approver: 'Ada' };
  const text = approvalText(its);
  assert.equal(text.split('\n').length, 8);
  assert.deepEqual(readApprovalText(text), its);
  assert.equal(readApprovalText(`${text}\n`), undefined);
  assert.equal(
    readApprovalText(text.replace('root-key', 'cut-over').replace('time', 'Time')),
    undefined,
  );
});

/** Where a command writes its files. */
function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'canton-migrate-approvals-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function missing(command: string): string | false {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`]);
    return false;
  } catch {
    return `${command} is not installed`;
  }
}

for (const [tool, kind, commands] of [
  [
    'ssh-keygen',
    'ed25519',
    ['ssh-keygen -q -t ed25519 -N "" -f key', 'ssh-keygen -Y sign -q -n canton-migrate -f key text'],
  ],
  [
    'ssh-keygen',
    'ecdsa-p256',
    [
      'ssh-keygen -q -t ecdsa -b 256 -N "" -f key',
      'ssh-keygen -Y sign -q -n canton-migrate -f key text',
    ],
  ],
  [
    'openssl',
    'ed25519',
    [
      'openssl genpkey -algorithm ed25519 -out key',
      'openssl pkey -in key -pubout -out key.pub',
      'openssl pkeyutl -sign -rawin -inkey key -in text -out text.sig',
    ],
  ],
  [
    'openssl',
    'ecdsa-p256',
    [
      'openssl ecparam -name prime256v1 -genkey -noout -out key',
      'openssl pkey -in key -pubout -out key.pub',
      'openssl dgst -sha256 -sign key -out text.sig text',
    ],
  ],
] as const) {
  test(
    `approvals: ${kind} of ${tool} is checked alike by the workflow and the worker`,
    { skip: missing(tool) },
    (t) => {
      const cwd = folder(t);
      writeFileSync(join(cwd, 'text'), approvalText({ ...textOf(), approver: 'Ada' }));
      for (const command of commands) execFileSync('sh', ['-c', command], { cwd, stdio: 'ignore' });
      const approver = { name: 'Ada', ...readPublicKey(readFileSync(join(cwd, 'key.pub'), 'utf8')) };
      const policy = { ...POLICY, approvers: [approver] };
      const files = { text: join(cwd, 'text'), signatureFile: join(cwd, 'text.sig') };
      const input = readSigned('root-key', files)!;

      assert.equal(approver.algorithm, kind);
      assert.equal(rejected(input, migrationWith([], policy)), undefined);
      const approval = approvalOf(migrationWith([], policy), input);
      const act = { activity: 'ensureDar', migration: MIGRATION, startedAt: new Date() };
      const planned = { planHash: HASH, procedure: 'cold' } as const;
      assertApproved(policy, { approvals: [approval] }, { ...act, planned });
      if (tool !== 'ssh-keygen') return;
      const shown = execFileSync('ssh-keygen', ['-l', '-f', join(cwd, 'key.pub')]).toString();
      assert.ok(shown.includes(approver.fingerprint), shown);
      // Made for something else, such as a commit of git.
      rmSync(join(cwd, 'text.sig'));
      execFileSync('ssh-keygen', ['-Y', 'sign', '-q', '-n', 'git', '-f', 'key', 'text'], {
        cwd,
        stdio: 'ignore',
      });
      assert.equal(
        rejected(readSigned('root-key', files)!, migrationWith([], policy)),
        'ApprovalSignatureInvalid',
      );
    },
  );
}
