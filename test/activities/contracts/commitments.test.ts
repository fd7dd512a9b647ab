import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { Activities } from '../../../activities/index.js';
import type { StepFailure } from '../../../model/failure.js';
import { describeCommitments } from '../../../model/live.js';
import { hostOf } from '../../../workflows/phases/live/live-input.js';
import { withClock } from '../../drift/world.js';
import { callingAs, environmentOf } from '../../support/calling.js';
import { removeContract, stakeholdersOf } from '../../support/ledger-changes.js';
import { reached } from '../../support/reached.js';
import { SILENT, temporalOf } from '../../support/stack.js';
import { liveOf, livePlanOf, PROMPT_LIVE, startLiveSteps } from '../../support/route-steps.js';

const LIMIT_MS = 20_000;
type Run = Activities['awaitCommitments'];

/** Both nodes serve, nobody submits anything, and one participant hosts a stakeholder of some contracts. */
async function startServing(t: TestContext) {
  const contracts = { count: 6, sharedWithForeign: 2 };
  const migrating = await startLiveSteps(t, {
    before: 'move-clients',
    scenario: { ...PROMPT_LIVE, contracts },
  });
  const { sandbox, planned, activities } = migrating;
  const clock = { offsetMs: 0 };
  const clocked = withClock(activities, () => clock.offsetMs);
  const run: Run = (input) => clocked.awaitCommitments(input);
  const { before } = livePlanOf(planned).live.counterParticipants;
  const since = new Date().toISOString();
  const input = {
    ...hostOf(livePlanOf(planned), liveOf(migrating.migration)),
    since,
    counterParticipants: before,
  };
  const options = { logger: SILENT, client: temporalOf() };
  const environment = environmentOf(callingAs('awaitCommitments', input), {}, options);
  const said: { waitingFor?: string }[] = [];
  environment.on('heartbeat', (details: { waitingFor?: string }) => said.push(details));
  const wait = () => environment.run<Parameters<Run>, Awaited<ReturnType<Run>>, Run>(run, input);
  // Whoever waits for what never comes is ended.
  const limit = setTimeout(() => environment.cancel('TIMED_OUT'), LIMIT_MS);
  t.after(() => clearTimeout(limit));
  return { sandbox, wait, said, since, before, clock };
}

test('commitments: where nobody submits anything each node makes an event of its own after a period, not more', async (t) => {
  const { sandbox, wait, since, before } = await startServing(t);
  const called = sandbox.calls.list().length;

  const { matched } = await wait();

  assert.deepEqual(matched.map((its) => its.counterParticipantUid).sort(), before);
  const periods = (Date.now() - Date.parse(since)) / sandbox.scenario.timing.reconciliationMs;
  for (const participant of ['source', 'target']) {
    const pings = sandbox.calls.list({ participant, method: 'Ping', after: called }).length;
    // One that was answered after the end of the next period is an event for both.
    assert.ok(pings > 0 && pings <= Math.ceil(periods), `${pings} pings in ${periods} periods`);
  }
});

// What was shared when the plan was made is over by now: nobody owes anybody a commitment.
test('commitments: a participant with which no contract is shared any more is not waited for, and is named', async (t) => {
  const { sandbox, wait, before } = await startServing(t);
  const { source, target } = sandbox.participants;
  const [other = ''] = before.filter((uid) => uid !== source.uid);
  const foreign = source
    .contracts()
    .filter((id) => stakeholdersOf(source, id).some((party) => source.hosts(party).includes(other)));
  assert.ok(foreign.length > 0);
  for (const contract of foreign) for (const node of [source, target]) removeContract(node, contract);

  const { matched, unshared } = await wait();

  assert.deepEqual(
    matched.map((its) => its.counterParticipantUid),
    [source.uid],
  );
  assert.deepEqual(unshared, [other]);
  assert.equal(
    describeCommitments({ commitments: matched, unshared }),
    'commitments match with 1 participant, no contract is shared any more with 1 participant',
  );
});

test('commitments: who is waited for is named at once, and what stands behind two hours without is told', async (t) => {
  const { sandbox, wait, said, since, clock } = await startServing(t);
  const { source } = sandbox.participants;
  source.participant.node.connections.disconnect('acme');
  const waiting = wait();
  const failed = assert.rejects(waiting, (failure: StepFailure) => {
    assert.equal(failure.type, 'CommitmentsOutstanding');
    assert.match(
      failure.message,
      new RegExp(`^no match since ${since} with ${source.uid} \\(last match until `),
    );
    assert.match(failure.message, /; target has sent its own, the last until \S+Z; /);
    assert.match(failure.message, /; source cannot ping itself: .*NOT_CONNECTED_TO_ANY_SYNCHRONIZER/);
    return true;
  });
  // The other one has matched by then.
  const alone = `commitments since ${since} of ${source.uid} (last match until `;
  await reached(() => said.filter((its) => its.waitingFor?.startsWith(alone)).length > 9);
  clock.offsetMs = 2 * 60 * 60_000;
  await failed;

  const [first] = said.flatMap(({ waitingFor }) => waitingFor ?? []);
  assert.ok(first?.startsWith(`commitments since ${since} of `) && first.includes(source.uid), first);
});

test('commitments: nobody to compare with is said as such', () => {
  assert.equal(
    describeCommitments({ commitments: [], unshared: [] }),
    'no commitments to compare: no other participant shares a contract',
  );
});
