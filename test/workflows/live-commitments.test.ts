import assert from 'node:assert/strict';
import test from 'node:test';

import { cardOf } from '../../model/card.js';
import { QUICK_TIMING } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import { eventually } from '../support/driving.js';
import { removeContract } from '../support/ledger-changes.js';
import { abortLive, approveLive, assertServes, partiesOf, startLive } from '../support/live.js';
import { partiesIn } from '../support/plan-parties.js';

// Whatever took the contract off the target, a repair by hand or a fault: the source still has it.
test(
  'live commitments: a mismatch stops the migration before the switch, and an abort takes everything back',
  RARER,
  async (t) => {
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
    const parties = partiesIn(plan)
      .filter((its) => its.treatment === 'move')
      .map(({ party }) => party);
    await abortLive(live);

    assertServes(stack, source, { contracts, parties });
    assert.deepEqual(target.contracts(), []);
  },
);

test(
  'live commitments: the switch waits for a counter-participant that sends nothing, and the status names it',
  RARER,
  async (t) => {
    const live = await startLive(t, {
      scenario: { timing: { ...QUICK_TIMING, reconciliationMs: 1_500 } },
    });
    const { stack, id, contracts } = live;
    const { source, target } = stack.sandbox.participants;
    await approveLive(live, ['root-key', 'target-backup']);
    const waitedFor = async () => {
      const { pending } = await stack.client.status(id);
      const step = pending.find((its) => its.step === 'awaitCommitments');
      return (step?.progress as { waitingFor?: string } | undefined)?.waitingFor;
    };
    // Before anything was compared.
    const named = await eventually('the wait for commitments', waitedFor);
    assert.ok(named.includes(source.uid), named);
    const { synchronizers } = stack.participants.source;
    await synchronizers.disconnect('acme');
    const from = new Date().toISOString();
    const { commitments } = stack.participants.target;
    const { logicalId: synchronizerId } = stack.sandbox.synchronizers.source.info;
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
    assert.deepEqual([waiting.state, waiting.gate], ['running', undefined]);
    const known = await eventually('what is known of the source', async () => {
      const its = await waitedFor();
      return its?.includes('match') ? its : undefined;
    });
    assert.match(
      known,
      /^commitments since \S+Z of source::\w+ \((no match so far|last match until \S+Z)\)$/,
    );

    await synchronizers.reconnect('acme');
    const atSwitch = await stack.until(id, ({ gate }) => gate?.name === 'switch');
    const matched = atSwitch.live!.commitments;
    assert.deepEqual(
      matched.map(({ counterParticipantUid, state }) => [counterParticipantUid, state]),
      [[source.uid, 'match']],
    );
    await approveLive(live, ['switch']);
    const report = await stack.client.result(id);
    assertServes(stack, target, { contracts, parties: partiesOf(report) });
  },
);

test(
  'live commitments: a participant that hosts a stakeholder of shared contracts is compared before the switch and after the removal',
  RARER,
  async (t) => {
    const live = await startLive(t, { scenario: { contracts: { count: 12, sharedWithForeign: 3 } } });
    const { stack, id, contracts } = live;
    const { target } = stack.sandbox.participants;
    await approveLive(live);
    const report = await stack.client.result(id);

    const status = await stack.until(id, ({ watch }) => watch?.state === 'removed');
    const { live: told } = status;
    const compared = told!.commitments.map((its) => its.counterParticipantUid.split('::')[0]);
    assert.deepEqual(compared, ['other', 'source', 'other']);
    assert.ok(told!.commitments.every(({ state }) => state === 'match'));
    // Twice with one, and once with the other: two participants.
    assert.match(cardOf(status), /^- commitments match with 2 participants$/m);
    assertServes(stack, target, { contracts, parties: partiesOf(report) });
  },
);
