import assert from 'node:assert/strict';
import test from 'node:test';
import { Context, sleep } from '@temporalio/activity';

import { runCli } from '../client/run-cli.js';
import { RARER } from '../support/boundaries.js';
import { assertServes, partiesOf, sortedContracts } from '../support/live.js';
import { TINY_LIVE } from '../support/stack.js';
import { startMigrationStack, temporalServer, type MigrationStack } from '../support/temporal.js';

const REQUEST_OPTIONS = [
  ...['--source', 'source', '--target', 'target', '--quiet-seconds', '1'],
  ...['--source-synchronizer', 'acme', '--target-synchronizer', 'acme'],
];

/** The command line of an operator: what it said, in one line. */
async function commandLine({ taskQueue }: MigrationStack) {
  const { address } = await temporalServer();
  const environment = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' };
  const run = async (...args: string[]) => {
    const { code, out, err } = await runCli([...args, '--task-queue', taskQueue], { environment });
    return { code, said: `${out}${err}`.replaceAll(/\s+/g, ' ') };
  };
  const approved = async (...args: string[]) => {
    const { code, said } = await run('approve', ...args, '--yes', '--as', 'ada');
    assert.equal(code, 0, said);
  };
  return { run, approved };
}

const APPROVED = [
  ['root-key', 'ada', undefined],
  ['target-backup', 'ada', 'a rehearsal'],
  ['switch', 'ada', undefined],
];

test(
  'live cli: plan proposes the route, start and approve lead along it, and status says what matters at each moment',
  RARER,
  async (t) => {
    let isHeld = true;
    const stack = await startMigrationStack(t, {
      scenario: TINY_LIVE,
      change: (activities) => ({
        copyActiveContracts: async (input) => {
          while (isHeld) {
            Context.current().heartbeat();
            await sleep(100);
          }
          return activities.copyActiveContracts(input);
        },
      }),
    });
    const { client, sandbox, until } = stack;
    const { source, target } = sandbox.participants;
    const contracts = sortedContracts(source);
    const id = `migrate-participant/${source.uid}`;
    const { run, approved } = await commandLine(stack);

    const planned = await run('plan', ...REQUEST_OPTIONS);
    assert.match(planned.said, /both nodes use the synchronizer acme::\S+: the source serves until/);
    const started = await run('start', '--yes', ...REQUEST_OPTIONS);
    assert.match(started.said, new RegExp(`started ${id}`));
    await until(id, ({ differences }) => differences?.found.length === 0);
    assert.match((await run('status', id)).said, /Read at \S+: nothing has changed since the plan/);
    await stack.participants.source.health.setResourceLimits({ maxSubmissionBurstFactor: 0.7 });
    await approved('root-key', id);

    const { planHash = '' } = await until(
      id,
      ({ gate, differences }) => gate?.name === 'target-backup' && differences !== undefined,
    );
    const atBackup = await run('status', id);
    assert.match(
      atBackup.said,
      /resource limits of the source: \S+ \(harmless\): the target gets those of the plan/,
    );
    assert.match(atBackup.said, /Gate target-backup waits since \S+ for an approval/);
    assert.doesNotMatch(atBackup.said, /do not connect the target/);
    for (const how of [['--yes'], ['--plan-hash', planHash]]) {
      const { code, said } = await run('approve', 'target-backup', id, ...how, '--as', 'ada');
      assert.equal(code, 3);
      assert.match(said, /^EvidenceMissing: found neither --evidence nor --waive.* next: repeat/);
    }
    await approved('target-backup', id, '--waive', 'a rehearsal');

    await until(id, ({ live }) => live?.activation !== undefined);
    const inWindow = await run('status', id);
    assert.match(inWindow.said, /do not connect the target: it is a host that has not been proven/);
    assert.match(
      inWindow.said,
      /3 parties became active on the target at \S+, offset \d+ of the source/,
    );
    isHeld = false;

    await until(id, ({ gate }) => gate?.name === 'switch');
    const atSwitch = await run('status', id);
    assert.doesNotMatch(atSwitch.said, /do not connect the target/);
    assert.match(atSwitch.said, /commitments match with 1 participant/);
    assert.match(atSwitch.said, /12 contracts equal while both nodes served/);
    assert.match(atSwitch.said, /the target pings itself in .+, 0 onboarding flags set/);
    assert.match(atSwitch.said, /source: 0 submissions and 0 transactions in flight/);
    assert.match(atSwitch.said, /what clients have to do: - both nodes accept commands now/);
    assert.match(
      atSwitch.said,
      /a command whose outcome is not known is never repeated on the other node/,
    );
    assert.match(atSwitch.said, /next: .*approve switch/);
    await approved('switch', id);

    const report = await client.result(id);
    await until(id, ({ watch }) => watch?.state === 'removed');
    const watching = await run('status', id);
    assert.match(watching.said, /next: .*canton-migrate close/);
    assert.match(
      watching.said,
      /verified: 12 contracts equal on source and target after the cut-over, at/,
    );
    assert.doesNotMatch(watching.said, /equal while both nodes served/);
    const closed = await run('close', id, '--as', 'ada');
    assert.equal(closed.code, 0, closed.said);
    assert.deepEqual(
      report.approvals.map(({ gate, approver, waiver }) => [gate, approver, waiver]),
      APPROVED,
    );
    assertServes(stack, target, { contracts, parties: partiesOf(report) });
  },
);
