import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';

import { asActivities, toFailure } from '../../../activities/attempt/failures.js';
import { AcsError } from '../../../acs/errors.js';
import { CantonError } from '../../../canton/errors.js';
import { mismatch, refused, transient } from '../../../model/failure.js';
import { importPrefix } from '../../../model/plan-parts.js';
import { exportInput } from '../../../workflows/phases/export-input.js';
import { attempt } from '../../support/attempt.js';
import { REQUEST } from '../../support/stack.js';
import { type Migrating, startSteps } from '../../support/route-steps.js';

const ADDRESS = '127.0.0.1:5012';

function cantonError(fields: Partial<ConstructorParameters<typeof CantonError>[0]>): CantonError {
  return new CantonError({
    participant: 'target',
    api: 'Admin API',
    address: ADDRESS,
    credential: 'the configured token',
    method: 'VaultService/ListMyKeys',
    traceId: 'ab'.repeat(16),
    kind: 'refused',
    code: 'FAILED_PRECONDITION',
    cause: 'no',
    ...fields,
  });
}

/** What crosses into history: everything that JSON or a payload converter may find in a failure. */
function recorded(failure: unknown): string {
  assert.ok(failure instanceof ApplicationFailure);
  const { message, type, details, stack, cause } = failure;
  return JSON.stringify({ message, type, details, stack, cause: String(cause) });
}

for (const [make, kind] of [
  [transient, 'transient'],
  [refused, 'refused'],
  [mismatch, 'mismatch'],
] as const) {
  test(`failures: what is ${kind} ${kind === 'transient' ? 'is retried' : 'waits for an operator'}`, () => {
    const failure = toFailure(make('DelegationConflict', 'a key holds another restriction'));

    assert.ok(failure instanceof ApplicationFailure);
    assert.deepEqual(
      {
        type: failure.type,
        message: failure.message,
        nonRetryable: failure.nonRetryable,
        details: failure.details,
      },
      {
        type: 'DelegationConflict',
        message: 'a key holds another restriction',
        nonRetryable: kind !== 'transient',
        details: [{ kind }],
      },
    );
  });
}

for (const [code, type] of [
  ['UNAVAILABLE', 'Unavailable'],
  ['FAILED_PRECONDITION', 'FailedPrecondition'],
  ['DEADLINE_EXCEEDED', 'DeadlineExceeded'],
  ['ABORTED', 'CallAborted'],
  ['OK', 'Ok'],
] as const) {
  test(`failures: a call that ended with ${code} is a failure of type ${type}`, () => {
    const failure = toFailure(cantonError({ code }));

    assert.ok(failure instanceof ApplicationFailure);
    assert.equal(failure.type, type);
    assert.match(failure.message, /^target: VaultService\/ListMyKeys answered .*trace id abab/);
  });
}

test('failures: what a handshake failed for is told by its own name, with the address to look at', () => {
  const cause = 'the certificate of the server is not trusted: certificate has expired';
  const failure = toFailure(cantonError({ code: 'UNAVAILABLE', type: 'CertificateNotTrusted', cause }));

  assert.ok(failure instanceof ApplicationFailure);
  assert.deepEqual(
    [failure.type, failure.message, failure.nonRetryable],
    ['CertificateNotTrusted', `target: Admin API at ${ADDRESS}: ${cause}`, true],
  );
});

test('failures: the delay that a participant asks for is the delay of the next attempt', () => {
  const failure = toFailure(cantonError({ kind: 'transient', code: 'ABORTED', retryDelayMs: 1500 }));

  assert.ok(failure instanceof ApplicationFailure);
  assert.deepEqual([failure.nextRetryDelay, failure.nonRetryable], [1500, false]);
});

test('failures: neither stack nor cause nor address goes into the history', () => {
  const cause = new Error('connect ECONNREFUSED /var/lib/worker/spool');
  const failures = [
    toFailure(cantonError({ cause: `No connection established. Last error: ${ADDRESS}` })),
    toFailure(cantonError({ cause: 'connect ECONNREFUSED [::1]:5012 via canton.internal:5012' })),
    toFailure(new AcsError('transient', 'ExportTruncated', 'ended early', { cause })),
    toFailure(
      Object.assign(new Error(`ENOENT: /var/lib/worker/spool`), { code: 'ENOENT', syscall: 'open' }),
    ),
    toFailure(new TypeError('x is not a function')),
  ];

  for (const failure of failures) {
    assert.ok(failure instanceof ApplicationFailure);
    assert.equal(failure.stack, undefined);
    assert.equal(failure.cause, undefined);
    assert.doesNotMatch(recorded(failure), /127\.0\.0\.1|::1\]|canton\.internal|\/var\/lib|\.ts:|\.js:/);
  }
});

test('failures: an unforeseen error is retried', () => {
  const failure = toFailure(new TypeError('x is not a function'));

  assert.ok(failure instanceof ApplicationFailure);
  assert.deepEqual(
    [failure.type, failure.nonRetryable, failure.details],
    ['TypeError', false, [{ kind: 'transient' }]],
  );
});

test('failures: what Temporal itself throws stays what it is', async () => {
  const cancelled = new CancelledFailure('asked to end');
  const { end } = asActivities({ end: () => Promise.reject(cancelled) });

  await assert.rejects(attempt({ end }, 'end', undefined as never).result, cancelled);
});

test('failures: no activity names an address or the folder of the worker, whatever breaks', async (t) => {
  const migrating = await startSteps(t, { upTo: 'transfer-active-contracts' });
  const { sandbox, activities, planned, record, spoolFolder } = migrating;
  const what = exportInput(planned, record.pinnedOffset!);
  const copy = { ...what, workflowIdPrefix: importPrefix(planned.hash), targetLedgerEnd: '0' };
  const failures: unknown[] = [];
  const collect = async (work: () => Promise<unknown>) =>
    work().then(
      () => assert.fail('nothing broke'),
      (error: unknown) => failures.push(error),
    );

  rmSync(spoolFolder, { recursive: true });
  writeFileSync(spoolFolder, 'a file where the folder was');
  await collect(() => attempt(activities, 'copyActiveContracts', copy).result);
  sandbox.participants.target.crash();
  sandbox.participants.source.crash();
  await collect(() => attempt(activities, 'readPlan', REQUEST).result);
  await collect(() => attempt(activities, 'compareActiveContracts', what).result);
  await collect(() => attempt(activities, 'isolateTarget', { target: migrating.refs.target }).result);
  await collect(() => attempt(activities, 'connectTarget', connectInput(migrating)).result);
  await collect(
    () =>
      attempt(activities, 'pingSelf', {
        participant: migrating.refs.source,
        synchronizerId: 's::y',
        needs: 'submission',
      }).result,
  );

  assert.equal(failures.length, 6);
  for (const failure of failures) {
    const text = recorded(failure);
    assert.ok(!text.includes('127.0.0.1') && !text.includes(spoolFolder), text);
    assert.ok(failure instanceof ApplicationFailure && failure.stack === undefined);
  }
});

function connectInput({ refs, planned: { plan } }: Migrating) {
  const { connections, synchronizer } = plan.target;
  return { target: refs.target, synchronizerId: synchronizer.logicalId, connections };
}
