import { setTimeout } from 'node:timers/promises';

import type { MigrationSnapshot } from '../../client/index.js';
import type { MigrationReport } from '../../model/report.js';
import { isEqual } from '../../loadtest/compare.js';
import { RETUNE_UPDATE, type RetuneInput } from '../../model/steering.js';
import type { CallRecord } from '../../sandbox/index.js';
import { approvalOf } from '../support/driving.js';
import { seeded, type Random } from '../support/random.js';
import { LIVE_REQUEST, REQUEST } from '../support/stack.js';
import { FAULTS, type ChaosFault } from './faults.js';
import { ChaosStack, type Route } from './stack.js';

const CONTRACTS = 4_000;
/** Created and archived on the source between a warm copy and the freeze. */
const CHURN = 300;
/** Import calls of 1,000 contracts, one a second. */
const PACE: RetuneInput = { by: 'chaos', targetSeconds: 1, contractsPerSecond: 1_000 };
const POLL_MS = 150;
const RUN_LIMIT_MS = 180_000;
/**
 * Half of the moments are in the transfer, the rest anywhere from the plan to the end, by the calls that reached a
 * participant: so many before the migration begins, and so many in it.
 */
const CALLS_BEFORE = 66;
const CALLS_OF_A_RUN = 300;
const CALLS_BEFORE_COPY = 200;
/** On the live route there are more, and those of the clients beside them, which count for nothing. */
const CALLS_OF_A_LIVE_RUN = 360;
const CLIENTS = /^SubmitAndWait/;

/** On the live route both nodes are in use to the end: either may be away when it is needed. */
const LIVE_REASONS = ['Unavailable', 'NotConnected', 'NotCaughtUp', 'PingFailed'];

export interface Outcome {
  seed: number;
  copy: Way;
  fault: string;
  /** Where the migration was when the fault struck. */
  stage: string;
  /** From the fault to the first progress after it. */
  recoverySeconds: number;
  /** Contracts of import calls that were sent again. */
  resent: number;
  /** Types it stopped with, each lifted and resumed. */
  stops: string[];
  seconds: number;
  /** What went wrong; nothing if the run ended as it has to. */
  wrong: string[];
}

/** How the contracts get to the target. */
type Way = 'cold' | 'warm' | 'live';

/** One migration with one fault at one moment, all decided by the seed. */
export async function runOnce(seed: number, route: Route = 'new-synchronizer'): Promise<Outcome> {
  const random = seeded(seed);
  const fault = FAULTS[random(FAULTS.length)]!;
  const way = random(2) === 0 ? 'cold' : 'warm';
  const copy = route === 'live' ? 'live' : way;
  const stack = new ChaosStack({ contracts: CONTRACTS, route, seed });
  try {
    await stack.start();
    return await new Run(stack, { seed, copy, fault, random }).toTheEnd();
  } finally {
    await stack.stop();
  }
}

interface Moment {
  /** Contracts imported, or calls received. */
  imported?: number;
  calls?: number;
}

class Run {
  private readonly begin = Date.now();
  private readonly moment: Moment;
  private struckAt: number | undefined;
  private striking: Promise<void> | undefined;
  private stage = 'never';
  private atStrike = '';
  private recoverySeconds = NaN;
  private readonly stops: string[] = [];
  private readonly wrong: string[] = [];
  private hasChurned = false;
  /** Calls that count, up to the one of this order. */
  private callsSoFar = 0;
  private lastOrder = 0;

  constructor(
    private readonly stack: ChaosStack,
    private readonly its: { seed: number; copy: Way; fault: ChaosFault; random: Random },
  ) {
    const { random, fault } = its;
    const isInCopy = random(2) === 0 && !fault.isEarly;
    const ofRun = its.copy === 'live' ? CALLS_OF_A_LIVE_RUN : CALLS_OF_A_RUN;
    const calls = CALLS_BEFORE + random(fault.isEarly ? CALLS_BEFORE_COPY : ofRun);
    this.moment = isInCopy ? { imported: random(CONTRACTS) } : { calls };
  }

  async toTheEnd(): Promise<Outcome> {
    const { client, temporal } = this.stack;
    const { copy } = this.its;
    const id = await client.start(
      copy === 'live' ? LIVE_REQUEST : { ...REQUEST, options: { ...REQUEST.options, copy } },
    );
    await temporal.workflow.getHandle(id).executeUpdate(RETUNE_UPDATE, { args: [PACE] });
    while (!(await this.step(id))) {
      if (Date.now() - this.begin > RUN_LIMIT_MS) {
        this.wrong.push(`not at its end after ${RUN_LIMIT_MS / 1000} s, struck at ${this.atStrike}`);
        return this.outcome(0);
      }
      await setTimeout(POLL_MS);
    }
    await this.striking;
    let report: MigrationReport | undefined;
    while (!report && this.wrong.length === 0) report = await this.persistently(() => client.result(id));
    if (report) await this.judge(report);
    return this.outcome(resentContracts(await this.stack.calls()));
  }

  /** Looks once, as an operator does, and does what is to be done; true once the migration has ended, or its source watch runs. */
  private async step(id: string): Promise<boolean> {
    const snapshot = await this.persistently(() => this.stack.client.status(id));
    if (!snapshot) return false;
    // A source watch runs until somebody closes it.
    if (snapshot.execution !== 'running' || snapshot.status?.state === 'watching') return true;
    await this.watch(snapshot);
    const { status } = snapshot;
    if (status?.state === 'stopped') await this.resume(id, status.lastFailure?.type ?? '');
    if (status?.gate && status.planHash !== undefined) {
      const { name: gate } = status.gate;
      if (gate === 'interrupt-service' && this.its.copy === 'warm' && !this.hasChurned) {
        // A source that is down just now changes nothing, and a sandbox that was killed tells nothing.
        await this.striking;
        if (!(await this.stack.inspect('source')).isUp) return false;
        await this.stack.churn(CHURN);
        this.hasChurned = true;
      }
      const { planHash } = status;
      await this.persistently(() => this.stack.client.approve(id, approvalOf(gate, planHash)));
    }
    return false;
  }

  /** Strikes when the moment has come, and notes when the migration is past it. */
  private async watch(snapshot: MigrationSnapshot): Promise<void> {
    const { status, pending } = snapshot;
    const progress = JSON.stringify([
      status?.stage,
      status?.gate?.name,
      status?.contracts?.done,
      status?.phases.map(({ state }) => state),
      pending.map(({ step }) => step),
    ]);
    if (this.struckAt === undefined) {
      if (!(await this.isMoment(snapshot))) return;
      const [busy] = await this.busyPids(snapshot.id);
      this.struckAt = Date.now();
      this.stage = `${status?.stage ?? '?'}/${pending[0]?.step ?? status?.gate?.name ?? ''}`;
      this.atStrike = progress;
      this.striking = this.its.fault.strike(this.stack, this.its.random, busy);
      this.striking.catch((error: Error) => this.wrong.push(`the fault itself: ${error.message}`));
    } else if (Number.isNaN(this.recoverySeconds) && status && progress !== this.atStrike) {
      this.recoverySeconds = (Date.now() - this.struckAt) / 1000;
    }
  }

  private async isMoment({ status }: MigrationSnapshot): Promise<boolean> {
    const { imported, calls } = this.moment;
    if (imported !== undefined) return (status?.contracts?.done ?? -1) >= imported;
    const more = await this.stack.callsAfter(this.lastOrder);
    this.lastOrder = more.at(-1)?.order ?? this.lastOrder;
    this.callsSoFar += more.filter(({ method }) => !CLIENTS.test(method)).length;
    return this.callsSoFar >= (calls ?? 0);
  }

  private async busyPids(id: string): Promise<number[]> {
    const { raw } = await this.stack.temporal.workflow.getHandle(id).describe();
    return (raw.pendingActivities ?? []).map((one) => parseInt(one.lastWorkerIdentity ?? '', 10));
  }

  private async resume(id: string, type: string): Promise<void> {
    this.stops.push(type);
    const { fault } = this.its;
    const reasons = this.its.copy === 'live' ? [...fault.reasons, ...LIVE_REASONS] : fault.reasons;
    if (!reasons.includes(type)) this.wrong.push(`stopped with ${type}, which is no reason`);
    await this.striking;
    await fault.lift?.(this.stack);
    await this.persistently(() => this.stack.client.resume(id, { by: 'chaos' }));
  }

  /** An operator repeats what nobody answered. */
  private async persistently<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const { type, message } = error as { type?: string; message: string };
      const passes = [
        'NoWorker',
        'TemporalUnavailable',
        'UpdateNotTaken',
        'GateNotOpen',
        'NothingToResume',
        'Ended',
      ];
      if (!passes.includes(type ?? '')) this.wrong.push(`${type ?? 'error'}: ${message}`);
      return undefined;
    }
  }

  private async judge({ outcome, verification }: MigrationReport): Promise<void> {
    const [source, target] = await Promise.all([
      this.stack.inspect('source'),
      this.stack.inspect('target'),
    ]);
    if (outcome !== 'migrated' || !verification.isEqual) this.wrong.push('not verified');
    if (this.its.copy === 'live') return this.judgeLive(source.damage, target);
    const missing = source.contracts.filter((id) => !new Set(target.contracts).has(id));
    const isSame =
      missing.length === 0 &&
      source.contracts.length === target.contracts.length &&
      new Set(target.contracts).size === target.contracts.length;
    if (!isSame)
      this.wrong.push(
        `source has ${source.contracts.length} contracts, target ${target.contracts.length}`,
      );
    if (source.connected.length > 0) this.wrong.push('the source is connected');
    if (target.connected.length !== 1) this.wrong.push('the target is not connected');
  }

  /** What clients know is what the target has, and no node processed what it has no contract for. */
  private async judgeLive(
    sourceDamage: string[],
    target: { connected: string[]; damage: string[] },
  ): Promise<void> {
    const { comparison, failureCount, failures } = await this.stack.finishLoad();
    if (!comparison || !isEqual(comparison))
      this.wrong.push(`clients and target differ: ${JSON.stringify(comparison)}`);
    if (failureCount > 0) this.wrong.push(`final failures: ${JSON.stringify(failures)}`);
    const damage = [...sourceDamage, ...target.damage];
    if (damage.length > 0) this.wrong.push(`damaged: ${damage.slice(0, 3).join('; ')}`);
    if (target.connected.length !== 1) this.wrong.push('the target is not connected');
  }

  private outcome(resent: number): Outcome {
    const { seed, copy, fault } = this.its;
    // Calls of one second at most, and those of a catch-up are smaller.
    const allowed = fault.isKill ? 1_000 : 0;
    if (resent > allowed) this.wrong.push(`${resent} contracts sent again`);
    return {
      seed,
      copy,
      fault: fault.name,
      stage: this.stage,
      recoverySeconds: this.recoverySeconds,
      resent,
      stops: this.stops,
      seconds: (Date.now() - this.begin) / 1000,
      wrong: this.wrong,
    };
  }
}

/** Contracts of import calls with bytes that were sent more than once: a call has those up to the next one. */
function resentContracts(calls: readonly CallRecord[]): number {
  const times = new Map<number, number>();
  for (const { method, participant, request } of calls) {
    if (method !== 'ImportAcs' || participant !== 'target') continue;
    const [, from] = /"mig-[0-9a-f]{16}-(\d+)"/.exec(request) ?? [];
    if (from !== undefined) times.set(Number(from), (times.get(Number(from)) ?? 0) + 1);
  }
  const begins = [...times.keys()].sort((a, b) => a - b);
  let resent = 0;
  for (const [index, from] of begins.entries())
    resent += ((begins[index + 1] ?? CONTRACTS) - from) * (times.get(from)! - 1);
  return resent;
}
