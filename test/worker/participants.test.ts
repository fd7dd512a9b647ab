import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { startSandbox } from '../../sandbox/index.js';
import { connectParticipants, greet, twins } from '../../worker/participants.js';
import { SMALL } from '../support/stack.js';

/** What a worker says at start of participants whose APIs are at these addresses: admin, then ledger. */
async function greeted(t: TestContext, entries: Record<string, [string, string]>) {
  const participants = connectParticipants(
    Object.entries(entries).map(([name, [admin, ledger]]) => ({
      name,
      admin: { address: admin },
      ledger: { address: ledger },
    })),
  );
  t.after(() => participants.forEach((participant) => participant.close()));
  return greet(participants);
}

test('worker: at start two APIs of two nodes under one name are told, with what to do', async (t) => {
  const sandbox = await startSandbox({ scenario: SMALL });
  t.after(() => sandbox.close());
  const { addresses, participants } = sandbox;
  const { source, target } = addresses;

  const [good, mixed] = await greeted(t, {
    source: [source.admin, source.ledger],
    target: [target.admin, source.ledger],
  });

  assert.deepEqual(good, { name: 'source', uid: participants.source.uid });
  assert.ok(mixed && 'problem' in mixed);
  assert.match(
    mixed.problem,
    new RegExp(`^target: the Admin API at .* is that of ${participants.target.uid}, the Ledger API at`),
  );
  assert.match(mixed.problem, /; set admin and ledger of this name to the two APIs of one participant/);
});

test('worker: at start two names of one node are told, also if a third node does not answer', async (t) => {
  const sandbox = await startSandbox({ scenario: SMALL });
  t.after(() => sandbox.close());
  const { addresses, participants } = sandbox;
  const { source, target } = addresses;

  const greetings = await greeted(t, {
    source: [source.admin, source.ledger],
    old: [source.admin, source.ledger],
    target: [target.admin, target.ledger],
    down: ['127.0.0.1:1', '127.0.0.1:1'],
  });

  const [warning, ...others] = twins(greetings);
  assert.deepEqual(others, []);
  assert.ok(
    warning?.startsWith(`source and old are one participant, ${participants.source.uid}; set the`),
    warning,
  );
});
