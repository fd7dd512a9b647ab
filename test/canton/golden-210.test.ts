import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  assertKept,
  assertSameMeaning,
  recordedMessages,
  undeclaredCalls,
  undeclaredFields,
} from './recorded-messages.js';
import { recordings210 } from './recordings.js';
import { SERVICES_210 as SERVICES } from './services-210.js';

/** Recorded calls that our services leave out, each with its reason. */
const UNUSED_CALLS: Record<string, string> = {
  'IdentityInitializationService/GetId':
    'of Canton 3: recorded as what a 2.10 participant does not have',
  'ParticipantStatusService/ParticipantStatus': 'that of Canton 3, as above',
};

/** Recorded fields that our messages leave out, by call and path, each with its reason. */
const UNDECLARED: Record<string, string> = {
  'GetLedgerApiVersion features.experimental': 'nothing that a migration goes by',
  'ListDomainParametersChanges results.v2.catch_up_parameters': 'as above',
  'ListDomainParametersChanges results.v2.max_rate_per_participant': 'as above',
  'ListDomainParametersChanges results.v2.max_request_size': 'as above',
  'ListDomainParametersChanges results.v2.mediator_deduplication_timeout': 'as above',
  'ListDomainParametersChanges results.v2.reconciliation_interval': 'as above',
};

const CALLS = recordings210();
const MESSAGES = recordedMessages(SERVICES, CALLS);

test('golden 2.10: every recorded call is one we declare, or is listed as unused', () => {
  assert.deepEqual(undeclaredCalls(SERVICES, CALLS), Object.keys(UNUSED_CALLS).sort());
});

test('golden 2.10: every recorded message reads as its JSON, but for the fields listed as undeclared', () => {
  assert.deepEqual(undeclaredFields(MESSAGES), Object.keys(UNDECLARED).sort());
});

test('golden 2.10: the JSON of every recorded message encodes to the same meaning', () => {
  assertSameMeaning(MESSAGES);
});

test('golden 2.10: a message keeps the fields it does not declare when it is written again', () => {
  assertKept(MESSAGES);
});
