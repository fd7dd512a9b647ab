import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { CopyInput } from '../../../activities/contracts/copy.js';
import type { CopiedContracts } from '../../../activities/contracts/transfer-active-contracts.js';
import type { CopyCheckpoint } from '../../../model/acs.js';
import type { ByReference } from '../../../model/listed.js';
import { importPrefix, nodesOf } from '../../../model/plan-parts.js';
import { exportInput } from '../../../workflows/phases/export-input.js';
import { callingAs, environmentOf } from '../../support/calling.js';
import { SILENT, SMALL, temporalOf } from '../../support/stack.js';
import { type Migrating, startSteps } from '../../support/route-steps.js';

const CALLS_OF_500 = { targetSeconds: 0.001, contractsPerSecond: 500_000, isPaused: false };

/** Frozen nodes with contracts for three import calls, and what the copy is given. */
async function frozen(t: TestContext): Promise<Migrating & { input: ByReference<CopyInput> }> {
  const migrating = await startSteps(t, {
    upTo: 'migrate-local-state',
    scenario: { ...SMALL, contracts: { count: 1_250 } },
  });
  const { act, planned, sandbox } = migrating;
  const { ledgerEnd: targetLedgerEnd } = await act.isolateTarget(nodesOf(planned.plan));
  sandbox.participants.source.participant.node.connections.disconnect('acme');
  const offset = String(sandbox.participants.source.ledger.ledger.end);
  const workflowIdPrefix = importPrefix(planned.hash);
  const input = { ...exportInput(planned, offset), workflowIdPrefix, targetLedgerEnd };
  return { ...migrating, input };
}

/** Runs a copy whose direct heartbeats Temporal answers by `heartbeat`. */
function copying(
  { activities, input }: Migrating & { input: ByReference<CopyInput> },
  heartbeat: (details: { checkpoint: CopyCheckpoint }) => Promise<void>,
  info: { attempt?: number; heartbeatDetails?: unknown } = {},
) {
  const client = temporalOf(CALLS_OF_500);
  Object.assign(client.activity, {
    heartbeat: (_token: Uint8Array, details: { checkpoint: CopyCheckpoint }) => heartbeat(details),
  });
  const calling = callingAs('copyActiveContracts', input);
  const environment = environmentOf(calling, info, { logger: SILENT, client });
  const run = () => activities.copyActiveContracts(input);
  return environment.run<[], CopiedContracts, typeof run>(run);
}

const named = (name: string) => Object.assign(new Error(name), { name });
const sentBy = ({ sandbox }: Migrating) =>
  sandbox.calls.list({ method: 'ImportAcs' }).filter(({ request }) => !request.includes('mig-probe'));

test('fencing: while Temporal does not answer, nothing is imported, and everything once it does', async (t) => {
  const migrating = await frozen(t);
  const sentAtRefusal: number[] = [];
  let proofs = 0;

  const { checkpoint } = await copying(migrating, async () => {
    proofs += 1;
    if (proofs === 1 || proofs > 3) return;
    sentAtRefusal.push(sentBy(migrating).length);
    throw named('ServiceError');
  });

  assert.deepEqual(sentAtRefusal, [1, 1]);
  assert.equal(checkpoint.contractCount, 1_250);
});

test('fencing: each proof carries how far the copy is, so that another attempt goes on there', async (t) => {
  const migrating = await frozen(t);
  const recorded: CopyCheckpoint[] = [];
  await assert.rejects(
    copying(migrating, async ({ checkpoint }) => {
      recorded.push(checkpoint);
      if (recorded.length > 2) throw named('ActivityNotFoundError');
    }),
  );
  assert.deepEqual(
    recorded.map(({ contractCount }) => contractCount),
    [0, 500, 1_000],
  );

  const heartbeatDetails = { checkpoint: recorded[1] };
  const { checkpoint } = await copying(migrating, async () => undefined, {
    attempt: 2,
    heartbeatDetails,
  });

  assert.equal(checkpoint.contractCount, 1_250);
  // The target itself told of the call after the one that was recorded.
  assert.equal(sentBy(migrating).length, 3);
  const { source, target } = migrating.sandbox.participants;
  assert.deepEqual(target.contracts().sort(), source.contracts().sort());
});
