import { requestReverse } from '../../client/reverse.js';
import type { LiveRecord } from '../../model/live.js';
import { isLive, movedParties, type HashedPlan, type MigrationPlan } from '../../model/plan.js';
import type { ReportedFailure } from '../../model/report.js';
import type { MigrationRequest } from '../../model/request.js';
import { reportedFailure } from '../../workflows/steering/outcome.js';
import {
  applyStep,
  begun,
  checkUndone,
  stepsIn,
  undoAll,
  undoStep,
  unhurried,
  type Migrating,
} from '../support/route-steps.js';
import { signHostings } from '../support/hostings.js';
import { LIVE_REQUEST, REQUEST, type Stack } from '../support/stack.js';
import { itemsOf, whole } from '../support/plan-parties.js';

export type RouteName = 'cold' | 'warm' | 'return' | 'live';

export const ROUTES: readonly RouteName[] = ['cold', 'warm', 'return', 'live'];

type Nodes = Omit<Stack, 'plan'>;

/** The declared steps of a route, as an operator has them taken one after the other. */
export class Procedure {
  readonly steps: readonly string[];
  /** What the steps said they changed. */
  readonly said: string[] = [];
  /** Whether an abort has taken everything back, and reads both nodes once more. */
  isChecking = false;

  constructor(private readonly its: Migrating) {
    this.steps = stepsIn(its).map(({ name }) => name);
  }

  get planned(): HashedPlan {
    return this.its.planned;
  }

  get plan(): MigrationPlan {
    return this.its.planned.plan;
  }

  get live(): LiveRecord | undefined {
    return this.its.migration.live;
  }

  hasBegun(step: string): boolean {
    return this.its.migration.steps.some(({ name, state }) => name === step && state !== 'waiting');
  }

  isPastPointOfNoReturn(): boolean {
    return this.its.migration.isPastPointOfNoReturn;
  }

  /** Why the target was left as it is by an abort, if it was. */
  leftIsolated(): string | undefined {
    return this.its.migration.live?.leftIsolated;
  }

  async apply(step: string): Promise<void> {
    this.said.push(...(await applyStep(this.its, step)));
  }

  /** Whether the next step cannot be taken back any more. */
  isBeforeNoReturn(step: string): boolean {
    const steps = stepsIn(this.its);
    return steps[steps.findIndex(({ name }) => name === step) + 1]?.isPointOfNoReturn === true;
  }

  /** Takes back the last step, up to one, that can be, and none of those before it. */
  async undoLast(upTo: string): Promise<void> {
    const steps = stepsIn(this.its);
    const end = steps.findIndex(({ name }) => name === upTo) + 1;
    const last = steps.slice(0, end).findLast(({ undo }) => undo);
    if (last) await undoStep(this.its, last.name);
  }

  /** What an operator decides at a comparison that was not equal. */
  requestRepair(): void {
    this.its.migration.repairBy = 'test';
  }

  /** What was taken back is left alone when it is called again. */
  async undo(): Promise<void> {
    this.said.push(...(await undoAll(this.its)));
    this.isChecking = true;
    this.said.push(...(await checkUndone(this.its)));
  }
}

/** Makes the plan; nothing else is begun. */
export async function begin(route: RouteName, nodes: Nodes): Promise<Procedure> {
  if (route === 'live') return planned(nodes, LIVE_REQUEST);
  const copy = route === 'warm' ? ({ copy: 'warm', catchUps: 1 } as const) : {};
  const request = { ...REQUEST, options: { ...REQUEST.options, ...copy } };
  if (route !== 'return') return planned(nodes, request);
  const there = await planned(nodes, request);
  for (const step of there.steps) await there.apply(step);
  return planned(nodes, requestReverse(whole(there.plan), { options: { quietSeconds: 1 } }));
}

/** What an operator is told, if it is a failure and no bug. */
export function failureOf(error: unknown): ReportedFailure | undefined {
  return reportedFailure('verify', error);
}

async function planned(nodes: Nodes, request: MigrationRequest): Promise<Procedure> {
  const hashed = await nodes.act.readPlan(request);
  const { obstacles } = hashed.plan;
  if (obstacles.length > 0) throw new Error(`the plan is obstructed: ${JSON.stringify(obstacles)}`);
  const its = begun(nodes, unhurried(hashed));
  await signHostings(its);
  return new Procedure(its);
}

/** The parties that move, and how the synchronizer is called that each node takes part with. */
export function placesOf(plan: MigrationPlan) {
  return {
    parties: itemsOf(movedParties(plan)),
    source: plan.source.synchronizer,
    target: plan.target.synchronizer,
    isLive: isLive(plan),
  };
}
