import { typeOf } from '../../model/failure.js';
import { importedOf, isApproved, phaseOf } from '../../model/migration.js';
import { WITHDRAWAL, type Gate, type Stage } from '../../model/phase.js';
import type { Explained, ReportedFailure } from '../../model/report.js';
import type { StepStatus } from '../../model/steering.js';
import { noteContracts, noteStep } from '../../model/timeline.js';
import { readDifferences } from '../differences.js';
import type { Run } from '../run.js';
import { stepsOf, type Route, type Step } from './route.js';

/**
 * A proof is made anew by itself this often in a row; then an operator looks at what keeps changing the
 * nodes.
 */
const PROOFS_IN_A_ROW = 3;

/** What says that a proof does not hold any more, and that nothing was changed. */
const STALE = ['EqualityStale', 'TargetRestored', 'TargetExposed'];

/** What runs the steps: a workflow, whose operators steer it, or a test. */
export interface Control {
  /** Waits until a gate is approved; `look` is repeated meanwhile. */
  gate(name: Gate, look: () => Promise<void>): Promise<void>;
  /** Runs `work` until it succeeds, whoever has to help; a failure that `isPassedOn` is thrown instead. */
  attempt<T>(
    stage: Stage,
    work: () => Promise<T>,
    isPassedOn: (failure: ReportedFailure) => boolean,
  ): Promise<T>;
  /** Runs what nobody may interrupt. Fails, with nothing done, if the migration was aborted before. */
  commit(work: () => Promise<void>): Promise<void>;
  /** Something that operators see has changed. */
  publish(): void;
}

/** Runs the steps of a route, and takes them back. */
export class Runner<Its extends Run> {
  private readonly steps: Step<Its>[];
  /** Whether the failure that is thrown says that a proof is stale, and nothing was changed. */
  private isGoingBack = false;

  constructor(
    private readonly route: Route<Its>,
    private readonly run: Its,
    private readonly control: Control,
  ) {
    const { migration, plan } = run;
    this.steps = stepsOf(route, plan);
    if (migration.steps.length > 0) return;
    migration.steps = this.steps.map(({ name, phase, serving, ...its }) => ({
      name,
      phase,
      serving,
      ...(its.gate && { gate: its.gate }),
      ...(its.isPointOfNoReturn && { isPointOfNoReturn: true }),
      state: 'waiting',
    }));
  }

  /**
   * Up to the step that cannot be taken back, and with it; from where the run before this one was, if there
   * was one.
   */
  async toNoReturn(): Promise<void> {
    const end = this.steps.findIndex(({ isPointOfNoReturn }) => isPointOfNoReturn);
    await this.forward(this.run.migration.stepAt ?? 0, end + 1);
  }

  /** What comes after it. */
  async toTheEnd(): Promise<void> {
    const end = this.steps.findIndex(({ isPointOfNoReturn }) => isPointOfNoReturn);
    await this.forward(Math.max(end + 1, this.run.migration.stepAt ?? 0), this.steps.length);
  }

  /**
   * Takes back what was begun, in reverse. Returns what that changed. A target that was restored meanwhile
   * has again what was taken back of it: then the undo begins anew.
   */
  async undo(): Promise<string[]> {
    const withdrawn = (this.run.migration.withdrawn ??= []);
    for (let at = this.steps.length - 1; at >= 0; at--) {
      const step = this.steps[at]!;
      const its = this.recordOf(at);
      if (its.state === 'waiting' || its.state === 'undone') continue;
      try {
        if (step.undo) withdrawn.push(...(await this.attempt({ ...step, needsProof: true }, step.undo)));
      } catch (error) {
        if (!this.isGoingBack) throw error;
        this.isGoingBack = false;
        this.undoAgain();
        at = this.steps.length;
        continue;
      }
      its.state = 'undone';
      this.note(step, 'undone');
      if (step.undo || !step.stays) phaseOf(this.run.migration, step.phase).state = 'withdrawn';
    }
    return withdrawn;
  }

  private undoAgain(): void {
    for (const its of this.run.migration.steps) if (its.state === 'undone') its.state = 'running';
  }

  /** What stays after that, and why. */
  stays(): Explained[] {
    return this.steps.flatMap((step, at) =>
      this.recordOf(at).state === 'waiting' ? [] : (step.stays?.(this.run) ?? []),
    );
  }

  /**
   * Reads that both nodes are as before; nothing was changed before the first step that was begun. If they
   * are not, because somebody restored a node meanwhile, everything is taken back again.
   */
  async checkUndone(): Promise<string[]> {
    const { steps } = this.run.migration;
    if (steps.every(({ state }) => state === 'waiting')) return [];
    const check = async () => {
      await this.undo();
      try {
        return await this.route.checkUndone(this.run);
      } catch (error) {
        this.undoAgain();
        throw error;
      }
    };
    return this.control.attempt(WITHDRAWAL, check, () => false);
  }

  /** The steps from one index to before another. */
  async forward(begin: number, end: number): Promise<void> {
    for (let at = begin; at < end; at++) {
      const step = this.steps[at]!;
      this.run.migration.stepAt = at;
      try {
        await this.take(step, at);
        if (step.needsProof) this.run.migration.proofsInARow = 0;
      } catch (error) {
        if (!this.isGoingBack) throw error;
        this.isGoingBack = false;
        this.run.migration.isVerificationStale = true;
        // The step that proves is taken next, and then everything between it and this one.
        at = this.steps.slice(0, at).findLastIndex(({ isProof }) => isProof) - 1;
      }
    }
  }

  private async take(step: Step<Its>, at: number): Promise<void> {
    const { migration } = this.run;
    const { gate, watch } = step;
    // One that was approved while the migration continued as new is still open.
    if (gate && (migration.gate === gate || !isApproved(migration, gate)))
      await this.control.gate(gate, () => this.look(watch));
    const its = this.recordOf(at);
    its.state = 'running';
    this.note(step, 'begun');
    phaseOf(migration, step.phase).state = 'running';
    if (step.isPointOfNoReturn) await this.commit(step);
    else this.told(step, await this.attempt(step, step.apply));
    its.state = 'done';
    this.note(step, 'done');
    if (step.isProof) migration.isVerificationStale = false;
    if (this.steps.slice(at + 1).every(({ phase }) => phase !== step.phase))
      phaseOf(migration, step.phase).state = 'done';
    this.control.publish();
  }

  /**
   * What an operator has to know who decides. What is found stale meanwhile is not called verified any more.
   */
  private async look(watch: Step<Its>['watch']): Promise<void> {
    await readDifferences(this.run);
    try {
      await watch?.(this.run);
    } catch (error) {
      if (STALE.includes(typeOf(error) ?? '')) this.run.migration.isVerificationStale = true;
      throw error;
    }
  }

  /** A stale proof is found before anything is changed: then everything can be taken back again. */
  private async commit(step: Step<Its>): Promise<void> {
    const { migration } = this.run;
    await this.control.commit(async () => {
      migration.isPastPointOfNoReturn = true;
      try {
        this.told(step, await this.attempt(step, step.apply));
      } catch (error) {
        migration.isPastPointOfNoReturn = !this.isGoingBack;
        throw error;
      }
    });
  }

  private attempt(
    { phase, needsProof, isPointOfNoReturn }: Step<Its>,
    work: (run: Its) => Promise<string[]>,
  ): Promise<string[]> {
    const { migration } = this.run;
    const goesBack = ({ type }: ReportedFailure) => {
      // Of the others nobody knows whether they came before or after what cannot be taken back.
      const stale = isPointOfNoReturn ? ['EqualityStale'] : STALE;
      if (!needsProof || !stale.includes(type)) {
        // An operator looks at it now.
        migration.proofsInARow = 0;
        return false;
      }
      migration.proofsInARow = ((migration.proofsInARow ?? 0) + 1) % (PROOFS_IN_A_ROW + 1);
      return (this.isGoingBack = migration.proofsInARow > 0);
    };
    return this.control.attempt(phase, () => work(this.run), goesBack);
  }

  private told({ phase }: Step<Its>, changed: string[]): void {
    phaseOf(this.run.migration, phase).changed.push(...changed);
  }

  private note({ name }: Step<Its>, what: 'begun' | 'done' | 'undone'): void {
    const { migration } = this.run;
    noteStep(migration.timeline, name, what, Date.now());
    const imported = importedOf(migration);
    if (imported > 0) noteContracts(migration.timeline, imported, Date.now());
  }

  private recordOf(at: number): StepStatus {
    return this.run.migration.steps[at]!;
  }
}

/** The runner of whichever route. */
export type RouteRunner = Pick<Runner<Run>, keyof Runner<Run>>;
