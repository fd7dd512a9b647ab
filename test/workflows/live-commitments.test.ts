import assert from 'node:assert/strict';
import test from 'node:test';

import { QUICK_TIMING } from '../../sandbox/index.js';
import { eventually } from '../support/driving.js';
import { removeContract } from '../support/ledger-changes.js';
import { abortLive, approveLive, assertServes, partiesOf, startLive } from '../support/live.js';

// Whatever took the contract off the target, a repair by hand or a fault: the source still has it.
test('live commitments: a mismatch stops the migration before the switch, and an abort takes everything back', async (t) => {
  const live = await startLive(t, {
    scenario: { timing: { ...QUICK_TIMING, onboardingMs: 4_000 } },
  });
  const { stack, id, contracts } = live;
  const { source, target } = stack.sandbox.participants;
  await approveLive(live, ['root-key', 'target-backup']);
  await eventually('the target connected again', async () => {
    const { pending } = await stack.client.status(id);
    return pending.some(({ step }) => step === 'clearOnboardingFlags') ? true : undefined;
  });
  removeContract(target, contracts[0]!);

  const stopped = await stack.until(id, ({ state }) => state === 'stopped');
  assert.equal(stopped.lastFailure?.type, 'CommitmentMismatch');
  assert.match(
    stopped.lastFailure.message,
    /source::\w+ and target disagree on their contracts in the period from/,
  );
  assert.deepEqual([stopped.gate, stopped.isPastPointOfNoReturn], [undefined, false]);
  // It is an alarm for good: the period stays compared as it was.
  await stack.client.resume(id, { by: 'test' });
  await stack.until(id, ({ state }) => state === 'running');
  await stack.until(
    id,
    ({ state, lastFailure }) => state === 'stopped' && lastFailure?.type === 'CommitmentMismatch',
  );
  const { plan } = (await stack.client.planOf(id))!;
  const parties = plan.parties.filter((its) => its.treatment === 'move').map(({ party }) => party);
  await abortLive(live);

  assertServes(stack, source, { contracts, parties });
  assert.deepEqual(target.contracts(), []);
});

test('live commitments: the switch waits for a counter-participant that has not sent its own', async (t) => {
  const live = await startLive(t, {
    scenario: { timing: { ...QUICK_TIMING, reconciliationMs: 1_500 } },
  });
  const { stack, id, contracts } = live;
  const { source, target } = stack.sandbox.participants;
  await approveLive(live, ['root-key', 'target-backup']);
  await eventually('the wait for commitments', async () => {
    const { pending } = await stack.client.status(id);
    return pending.some(({ step }) => step === 'awaitCommitments') ? true : undefined;
  });
  const from = new Date().toISOString();
  source.crash();
  const { commitments, synchronizers } = stack.participants.target;
  const [{ logicalId: synchronizerId = '' } = {}] = await synchronizers.listRegistered();
  const listed = () =>
    commitments.listReceived({
      synchronizerId,
      fromExclusive: from,
      toInclusive: new Date().toISOString(),
    });
  await eventually('a period without the commitment of the source', async () =>
    (await listed()).some(({ state }) => state === 'outstanding') ? true : undefined,
  );
  const waiting = await stack.until(id, () => true);
  const { pending } = await stack.client.status(id);

  assert.deepEqual([waiting.state, waiting.gate], ['running', undefined]);
  assert.deepEqual(
    pending.map(({ step, attempt }) => [step, attempt]),
    [['awaitCommitments', 1]],
  );
  await source.restart();
  const atSwitch = await stack.until(id, ({ gate }) => gate?.name === 'switch');
  const matched = atSwitch.live!.commitments;
  assert.deepEqual(
    matched.map(({ counterParticipantUid, state }) => [counterParticipantUid, state]),
    [[source.uid, 'match']],
  );
  await approveLive(live, ['switch']);
  const report = await stack.client.result(id);
  assertServes(stack, target, { contracts, parties: partiesOf(report) });
});

test('live commitments: a participant that hosts a stakeholder of shared contracts is compared before the switch and after the removal', async (t) => {
  const live = await startLive(t, { scenario: { contracts: { count: 12, sharedWithForeign: 3 } } });
  const { stack, id, contracts } = live;
  const { target } = stack.sandbox.participants;
  await approveLive(live);
  const report = await stack.client.result(id);

  const { live: told } = await stack.until(id, ({ fence }) => fence?.state === 'removed');
  const compared = told!.commitments.map((its) => its.counterParticipantUid.split('::')[0]);
  assert.deepEqual(compared, ['other', 'source', 'other']);
  assert.ok(told!.commitments.every(({ state }) => state === 'match'));
  assertServes(stack, target, { contracts, parties: partiesOf(report) });
});
