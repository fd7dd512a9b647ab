import { CancelledFailure } from '@temporalio/common';

import { requestBack } from '../../client/back.js';
import { phaseOf, type Migration } from '../../model/migration.js';
import { PHASES, type Phase } from '../../model/phase.js';
import { isLive, movedParties, type HashedPlan, type MigrationPlan } from '../../model/plan.js';
import type { ReportedFailure } from '../../model/report.js';
import type { MigrationRequest } from '../../model/request.js';
import { reportedFailure } from '../../workflows/outcome.js';
import * as cutOver from '../../workflows/phases/cut-over.js';
import * as live from '../../workflows/phases/live/transfer-active-contracts.js';
import * as migrateLocalState from '../../workflows/phases/migrate-local-state.js';
import * as transferActiveContracts from '../../workflows/phases/transfer-active-contracts.js';
import * as verify from '../../workflows/phases/verify.js';
import * as withdrawal from '../../workflows/phases/withdrawal.js';
import { applyLive, begun, LIVE_STEPS, liveOf, undoLive, type LiveStep } from '../support/live-steps.js';
import { REQUEST, type Stack } from '../support/stack.js';
import { APPLY, newRecord, UNDO, unhurried, type Migrating } from '../support/steps.js';

/**
 * The steps of a route as the workflow takes them. All that the drift law knows of how a migration runs is here: this file
 * goes with `test/support/steps.ts` and `live-steps.ts`.
 */
export interface Procedure {
  readonly steps: readonly string[];
  readonly plan: MigrationPlan;
  /** What the steps said they changed. */
  readonly said: string[];
  isPastPointOfNoReturn(): boolean;
  /** Why the target was left as it is by an abort, if it was. */
  leftIsolated(): string | undefined;
  apply(step: string): Promise<void>;
  /** What an operator decides at a comparison that was not equal. */
  requestRepair(): void;
  /** What was taken back is left alone when it is called again. */
  undo(): Promise<void>;
}

export type RouteName = 'cold' | 'warm' | 'return' | 'live';

export const ROUTES: readonly RouteName[] = ['cold', 'warm', 'return', 'live'];

type Nodes = Omit<Stack, 'plan'>;

/** Makes the plan; nothing else is begun. */
export async function begin(route: RouteName, nodes: Nodes): Promise<Procedure> {
  if (route === 'live') return new LiveProcedure(await begun(nodes));
  const copy = route === 'warm' ? ({ copy: 'warm', catchUps: 1 } as const) : {};
  const request = { ...REQUEST, options: { ...REQUEST.options, ...copy } };
  if (route !== 'return') return planned(nodes, request);
  const there = await planned(nodes, request);
  for (const step of there.steps) await there.apply(step);
  return planned(nodes, requestBack(there.plan, { options: { quietSeconds: 1 } }));
}

/** What an operator is told, if it is a failure and no bug. */
export function failureOf(error: unknown): ReportedFailure | undefined {
  return reportedFailure('verify', error);
}

async function planned(nodes: Nodes, request: MigrationRequest): Promise<Procedure> {
  const hashed = await nodes.act.readPlan(request);
  const { obstacles } = hashed.plan;
  if (obstacles.length > 0) throw new Error(`the plan is obstructed: ${JSON.stringify(obstacles)}`);
  return new OtherSynchronizer({ ...nodes, agreed: unhurried(hashed), record: newRecord() });
}

/** The order of an abort. */
const UNDONE = [
  'transfer-active-contracts',
  'migrate-local-state',
  'migrate-dars',
  'recreate-parties',
] as const;

class OtherSynchronizer implements Procedure {
  readonly steps: readonly string[];
  readonly said: string[] = [];
  private readonly begun = new Set<Phase>();
  private isCommitted = false;
  private isConnected = false;
  private isRepairWanted = false;

  constructor(private readonly its: Migrating) {
    const ahead = transferActiveContracts.isWarm(its.agreed.plan) ? ['copy-ahead'] : [];
    this.steps = [
      ...PHASES.slice(0, PHASES.indexOf('transfer-active-contracts')),
      ...ahead,
      'transfer-active-contracts',
      'compare',
      'cut-over',
      'serve',
      'verify',
    ];
  }

  get plan(): MigrationPlan {
    return this.its.agreed.plan;
  }

  isPastPointOfNoReturn(): boolean {
    return this.isCommitted;
  }

  leftIsolated(): undefined {
    return undefined;
  }

  requestRepair(): void {
    this.isRepairWanted = true;
  }

  async apply(step: string): Promise<void> {
    this.said.push(...(await this.applied(step)));
  }

  private async applied(step: string): Promise<string[]> {
    const { agreed, act, record } = this.its;
    switch (step) {
      case 'copy-ahead':
        this.begun.add('transfer-active-contracts');
        await transferActiveContracts.copyAhead(agreed, act, record);
        return [];
      case 'compare':
        await this.compare();
        return [];
      case 'cut-over':
        return this.cutOver();
      case 'serve':
        return cutOver.apply(agreed.plan, act, record);
      default:
        this.begun.add(step as Phase);
        return APPLY[step as Phase](this.its);
    }
  }

  private async compare(): Promise<void> {
    const { agreed, act, record } = this.its;
    await migrateLocalState.compare(agreed.plan, act);
    if (this.isRepairWanted) await verify.repair(agreed, act, record);
    this.isRepairWanted = false;
    const compared = await verify.compare(agreed, act, record);
    this.its.verification = { ...compared, verifiedAt: new Date().toISOString() };
    if (!compared.isEqual) throw verify.notEqual(compared);
  }

  private async cutOver(): Promise<string[]> {
    const { agreed, act, record } = this.its;
    while (!this.isConnected) {
      if (!this.isCommitted) {
        await cutOver.parkSource(agreed.plan, act, record.pinnedOffset!);
        if (!(await verify.isProven(agreed, act, this.its.verification!))) await this.compare();
        this.isCommitted = true;
        this.its.isConnecting = false;
      }
      const proof = verify.proofOf(this.its.verification!);
      try {
        const isSent = this.its.isConnecting === true;
        this.isConnected = await cutOver.connect(agreed.plan, act, proof, isSent);
      } catch (error) {
        this.its.isConnecting = true;
        throw error;
      }
      this.isCommitted = this.isConnected;
    }
    return [];
  }

  async undo(): Promise<void> {
    const { agreed, act, record } = this.its;
    for (const phase of UNDONE) {
      if (!this.begun.has(phase)) continue;
      this.said.push(...(await UNDO[phase](this.its)));
      this.begun.delete(phase);
    }
    if (this.begun.has('delegate-namespace'))
      this.said.push(...(await withdrawal.check(agreed, act, record)));
  }
}

class LiveProcedure implements Procedure {
  readonly steps = LIVE_STEPS;
  readonly said: string[] = [];

  constructor(private readonly its: { migration: Migration; planned: HashedPlan } & Nodes) {}

  get plan(): MigrationPlan {
    return this.its.planned.plan;
  }

  isPastPointOfNoReturn(): boolean {
    return this.its.migration.isPastPointOfNoReturn;
  }

  leftIsolated(): string | undefined {
    return liveOf(this.its.migration).leftIsolated;
  }

  requestRepair(): void {
    this.its.migration.repairBy = 'test';
  }

  async apply(step: string): Promise<void> {
    const { migration } = this.its;
    if (step === 'equality') liveOf(migration).isProven = false;
    try {
      await applyLive(this.its, step as LiveStep);
    } catch (error) {
      // What a comparison found is repaired only if somebody asks for it.
      delete migration.repairBy;
      const isExposed = failureOf(error)?.type === 'TargetExposed';
      if (isExposed) live.forget(liveOf(migration), migration.transfer);
      throw error;
    }
  }

  async undo(): Promise<void> {
    const { planned: hashed, act, migration } = this.its;
    await undoLive(this.its);
    if (phaseOf(migration, 'delegate-namespace').state === 'waiting') return;
    const checked = await (this.leftIsolated() === undefined
      ? withdrawal.check(hashed, act, migration.transfer)
      : withdrawal.checkSource(hashed, act));
    this.said.push(...checked);
  }
}

/** The parties that move, and how the synchronizer is called that each node takes part with. */
export function placesOf(plan: MigrationPlan) {
  return {
    parties: movedParties(plan),
    source: plan.source.synchronizer,
    target: plan.target.synchronizer,
    isLive: isLive(plan),
  };
}

export function isBug(error: unknown): boolean {
  return !(error instanceof CancelledFailure) && failureOf(error) === undefined;
}
