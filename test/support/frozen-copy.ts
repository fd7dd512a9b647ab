import type { TestContext } from 'node:test';

import type { CopyInput } from '../../activities/contracts/copy.js';
import type { CopiedContracts } from '../../activities/contracts/transfer-active-contracts.js';
import type { CopyCheckpoint } from '../../model/acs.js';
import type { ByReference } from '../../model/listed.js';
import { importPrefix, nodesOf } from '../../model/plan-parts.js';
import type { TransferProgress, TransferTuning } from '../../model/steering.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import { exportInput } from '../../workflows/phases/export-input.js';
import { callingAs, environmentOf } from './calling.js';
import { type Migrating, startSteps } from './route-steps.js';
import { SILENT, temporalOf } from './stack.js';

export interface Frozen extends Migrating {
  /** What the copy is given. */
  input: ByReference<CopyInput>;
}

/** Frozen nodes, of which nothing is copied yet. */
export async function frozen(t: TestContext, scenario: ScenarioChange): Promise<Frozen> {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state', scenario });
  const { act, planned, sandbox } = migrating;
  const { ledgerEnd: targetLedgerEnd } = await act.isolateTarget(nodesOf(planned.plan));
  sandbox.participants.source.participant.node.connections.disconnect('acme');
  const offset = String(sandbox.participants.source.ledger.ledger.end);
  const workflowIdPrefix = importPrefix(planned.hash);
  const input = { ...exportInput(planned, offset), workflowIdPrefix, targetLedgerEnd };
  return { ...migrating, input };
}

/** What an attempt finds at Temporal, and what an earlier one left there. */
export interface Attempt {
  tuning: () => TransferTuning;
  /** What the attempt tells the migration, newest last. */
  reports?: TransferProgress[];
  /** How the direct heartbeats are answered. */
  heartbeat?: (details: { checkpoint: CopyCheckpoint }) => Promise<void>;
  attempt?: number;
  heartbeatDetails?: unknown;
}

/** Runs one attempt of a copy. */
export function copying(
  { activities, input }: Frozen,
  { tuning, reports = [], heartbeat = async () => undefined, ...info }: Attempt,
): Promise<CopiedContracts> {
  const client = temporalOf();
  const handle = {
    query: async () => tuning(),
    signal: async (_name: string, progress: TransferProgress) => void reports.push(progress),
  };
  Object.assign(client.workflow, { getHandle: () => handle });
  Object.assign(client.activity, {
    heartbeat: (_token: Uint8Array, details: { checkpoint: CopyCheckpoint }) => heartbeat(details),
  });
  const calling = callingAs('copyActiveContracts', input);
  const environment = environmentOf(calling, info, { logger: SILENT, client });
  const run = () => activities.copyActiveContracts(input);
  return environment.run<[], CopiedContracts, typeof run>(run);
}

/** Where the import calls began that reached the target, as contracts of the export. */
export function importsOf({ sandbox }: Pick<Migrating, 'sandbox'>): number[] {
  const calls = sandbox.calls.list({ method: 'ImportAcs', participant: 'target' });
  return calls.flatMap(({ request }) => {
    const [, first] = /"mig-[0-9a-f]{16}-(\d+)"/.exec(request) ?? [];
    return first === undefined ? [] : [Number(first)];
  });
}
