import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CantonError, type GrpcCode } from '../../canton/errors.js';
import { answerOf, reasonOf, type Answer } from '../../canton/command-answers.js';
import { page, tableBelow } from '../docs/markdown.js';

function failure(code: GrpcCode, errorId?: string, cause = 'for a test'): CantonError {
  return new CantonError({
    participant: 'source',
    api: 'Ledger API',
    address: 'source.example:5001',
    credential: 'calls without a token',
    method: 'CommandService/SubmitAndWaitForTransaction',
    traceId: '',
    kind: 'refused',
    cause,
    code,
    errorId,
  });
}

const ANSWERS: [GrpcCode, string | undefined, Answer][] = [
  ['ABORTED', 'NO_VIEW_WITH_VALID_RECIPIENTS', 'retry'],
  ['ABORTED', 'SUBMISSION_ALREADY_IN_FLIGHT', 'unknown'],
  ['ABORTED', 'PARTICIPANT_BACKPRESSURE', 'retry'],
  ['RESOURCE_EXHAUSTED', undefined, 'retry'],
  ['UNAVAILABLE', undefined, 'unknown'],
  ['UNAVAILABLE', 'SEQUENCER_REQUEST_FAILED', 'unknown'],
  ['ABORTED', 'SEQUENCER_REQUEST_FAILED', 'unknown'],
  ['DEADLINE_EXCEEDED', undefined, 'unknown'],
  ['CANCELLED', undefined, 'unknown'],
  ['INVALID_ARGUMENT', undefined, 'retry'],
  ['INVALID_ARGUMENT', 'MISSING_FIELD', 'failed'],
  ['ALREADY_EXISTS', 'DUPLICATE_COMMAND', 'duplicate'],
  ['NOT_FOUND', 'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT', 'elsewhere'],
  ['FAILED_PRECONDITION', 'PARTY_CURRENTLY_ONBOARDING', 'onboarding'],
  ['FAILED_PRECONDITION', 'NOT_CONNECTED_TO_ANY_SYNCHRONIZER', 'retry'],
  ['FAILED_PRECONDITION', 'NOT_CONNECTED_TO_SYNCHRONIZER', 'retry'],
  ['NOT_FOUND', 'CONTRACT_NOT_FOUND', 'absent'],
  ['NOT_FOUND', 'LOCAL_VERDICT_INACTIVE_CONTRACTS', 'absent'],
  ['PERMISSION_DENIED', undefined, 'failed'],
  ['NOT_FOUND', 'PACKAGE_NAMES_NOT_FOUND', 'failed'],
];

for (const [code, errorId, expected] of ANSWERS) {
  test(`answers: ${[code, errorId].filter(Boolean).join(' ')} is '${expected}'`, () => {
    assert.equal(answerOf(failure(code, errorId)), expected);
  });
}

// Source: networks J, item 4.
const ONE_ID: [string, Answer][] = [
  ['The following contracts have been archived: List(00ab) on synchronizer a::1220', 'ended'],
  [
    'The synchronizers for the contracts (00ab) are currently unknown due to ongoing contract reassignments or disconnected synchronizers.',
    'retry',
  ],
];

for (const [text, expected] of ONE_ID) {
  test(`answers: UNKNOWN_CONTRACT_SYNCHRONIZERS "${text}" is '${expected}'`, () => {
    const id = 'UNKNOWN_CONTRACT_SYNCHRONIZERS';
    assert.equal(answerOf(failure('FAILED_PRECONDITION', id, `${id}(9,0): ${text}`)), expected);
  });
}

test('answers: a fault of our own is never tried again', () => {
  assert.equal(answerOf(new TypeError('undefined is no function')), 'failed');
});

test('answers: a reason has the code and the error id', () => {
  assert.equal(reasonOf(failure('ABORTED', 'LOCKED_CONTRACTS')), 'ABORTED LOCKED_CONTRACTS');
  assert.equal(reasonOf(failure('UNAVAILABLE')), 'UNAVAILABLE');
});

// What developers read is what the load test does.
test('answers: the page for application developers has every error id of its own', () => {
  const rows = tableBelow(page('loadtest.md'), 'What an application has to do')
    .map(([answer]) => answer)
    .join('\n');

  for (const [code, errorId, answer] of ANSWERS) {
    if (answer !== 'failed') assert.ok(rows.includes(errorId ?? code), `${errorId ?? code} is missing`);
  }
  for (const words of ['have been archived', 'are currently unknown due to ongoing'])
    assert.ok(rows.includes(words), `${words} is missing`);
});
