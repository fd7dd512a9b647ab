import type { FaultTarget } from '../../sandbox/faults.js';
import type { ReportedFailure } from '../../model/report.js';
import { strikeBefore, type Strike } from '../support/striking.js';
import { NotPossible, type Change, type TakeBack } from './change.js';
import { judge, type End } from './oracle.js';
import { failureOf, type RouteName } from './procedure.js';
import { restore, startWorld, type World } from './world.js';

/** A moment of a journey: right before a call, which is the n-th of its kind in the step. */
export interface Boundary {
  readonly route: RouteName;
  /** `abort`: in the abort that begins once the step is done. */
  readonly direction: 'forward' | 'abort';
  readonly step: string;
  readonly participant: string;
  readonly method: string;
  readonly occurrence: number;
}

export interface Verdict {
  readonly end: End | 'not possible' | 'not reached';
  readonly failures: readonly string[];
  readonly violations: readonly string[];
}

/** How often an operator resumes before he gives up. */
const ATTEMPTS = 4;

/** The steps before which an operator takes a backup of the target. */
const BACKED_UP: readonly string[] = ['copy-ahead', 'isolate-target', 'activate-target'];

/** Goes the way of one migration, with one change at one moment, and on as an operator would; and judges the end. */
export async function travel(boundary: Boundary, change: Change): Promise<Verdict> {
  const endings: (() => unknown)[] = [];
  let journey: Journey | undefined;
  try {
    const world = await startWorld({ after: (end) => void endings.push(end) }, boundary.route);
    journey = new Journey(world, boundary, change);
    return await journey.toTheEnd();
  } finally {
    journey?.end();
    for (const end of endings) await end();
  }
}

class Journey {
  private strike: Strike | undefined;
  private takeBack: TakeBack | undefined;
  private impossible: NotPossible | undefined;
  private readonly failures: ReportedFailure[] = [];
  private readonly bugs: string[] = [];

  constructor(
    private readonly world: World,
    private readonly boundary: Boundary,
    private readonly change: Change,
  ) {}

  end(): void {
    this.strike?.end();
  }

  async toTheEnd(): Promise<Verdict> {
    const end = await this.go();
    const isStruck = this.strike?.before !== undefined;
    if (end === 'not possible') return this.verdict(end, []);
    return this.verdict(isStruck ? end : 'not reached', [
      ...this.bugs,
      ...judge(this.world, { end, failures: this.failures }),
    ]);
  }

  private verdict(end: Verdict['end'], violations: string[]): Verdict {
    return { end, violations, failures: this.failures.map(({ type }) => type) };
  }

  private async go(): Promise<End | 'not possible'> {
    const { procedure, target, backups } = this.world;
    const { direction, step: struck } = this.boundary;
    for (const step of procedure.steps) {
      if (BACKED_UP.includes(step)) backups.push(target.backup());
      if (direction === 'forward' && step === struck) this.arm();
      if (!(await this.tried(() => procedure.apply(step)))) {
        if (this.impossible) return 'not possible';
        return procedure.isPastPointOfNoReturn() ? 'stopped' : this.abort();
      }
      if (direction === 'abort' && step === struck) {
        this.arm();
        return this.abort();
      }
    }
    if (!this.world.places.isLive) await this.watch();
    return 'migrated';
  }

  /** As the watch does that follows the last step. */
  private async watch(): Promise<void> {
    const { act, source, truth } = this.world;
    const { name } = this.world.procedure.plan.source;
    const { ledgerEnd } = await act.readLedgerEnd({ participant: { name, uid: source.uid } });
    const { state } = await act.readParkedSource({
      source: { name, uid: source.uid },
      expectedLedgerEnd: ledgerEnd,
    });
    truth.isAlarm = state === 'alarm';
  }

  private async abort(): Promise<End | 'not possible'> {
    const { procedure } = this.world;
    if (!(await this.tried(() => procedure.undo())))
      return this.impossible ? 'not possible' : 'abort stopped';
    return procedure.leftIsolated() === undefined ? 'aborted' : 'left isolated';
  }

  private arm(): void {
    let passed = 0;
    const { participant, method, occurrence } = this.boundary;
    const isDue = (call: FaultTarget) =>
      call.participant === participant && call.method === method && ++passed === occurrence;
    this.strike = strikeBefore(this.world.sandbox, isDue, async () => {
      try {
        this.takeBack = (await this.change.act(this.world, this.boundary)) ?? undefined;
      } catch (error) {
        if (error instanceof NotPossible) this.impossible = error;
        throw error;
      }
    });
  }

  /** Returns whether it worked, as often as somebody tries. */
  private async tried(work: () => Promise<void>): Promise<boolean> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        await work();
        return true;
      } catch (error) {
        if (this.impossible) return false;
        const failure = failureOf(error);
        if (!failure) {
          this.bugs.push(`a bug: ${String(error)}`);
          return false;
        }
        this.failures.push(failure);
        await this.cure(failure, attempt);
      }
    }
    return false;
  }

  /** What an operator does who reads of a failure, the simplest first. */
  private async cure({ type }: ReportedFailure, attempt: number): Promise<void> {
    const { procedure, backups } = this.world;
    if (type === 'TargetExposed') {
      await restore(this.world, backups.at(-1)!);
    }
    if (attempt === 2 && type === 'NotVerified') procedure.requestRepair();
    if (attempt === 3 && this.takeBack) {
      await this.takeBack();
      this.takeBack = undefined;
    }
  }
}
