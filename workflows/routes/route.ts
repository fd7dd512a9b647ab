import type { Fact } from '../../model/facts.js';
import type { Gate, Phase } from '../../model/phase.js';
import type { Explained } from '../../model/report.js';
import type { Serving } from '../../model/steering.js';
import type { Run } from '../run.js';

/** What an operator would call a step of the procedure, and everything that is to be known of it. */
export interface Step<Its extends Run> {
  /** Kebab case, unique in its route. */
  readonly name: string;
  readonly phase: Phase;
  /** Part of the migration only if the plan says so. */
  readonly isFor?: (plan: Its['plan']) => boolean;
  /** Approved before the step begins; once is enough for every step that names it. */
  readonly gate?: Gate;
  /** Read again and again while the gate is open. */
  readonly watch?: (run: Its) => Promise<void>;
  /** What it always reads again of the nodes, in the activities that act, whatever was read of it before. */
  readonly facts: readonly Fact[];
  /** Who serves the parties that move once it is done. */
  readonly serving: Serving;
  /** Finds both nodes equal, and leaves the proof for the steps after it. Fails with `NotVerified` if they are not. */
  readonly isProof?: true;
  /**
   * Acts only on that proof, which the activity that acts checks against the nodes. If it is stale nothing was changed:
   * fails with `EqualityStale`, `TargetRestored` or `TargetExposed`, and the migration goes back to the step that makes it. A step that cannot be
   * taken back says it by `EqualityStale` alone, and only before the first change.
   */
  readonly needsProof?: true;
  /** Cannot be taken back, nor anything after it. */
  readonly isPointOfNoReturn?: true;
  /** Returns what it changed, in an operator's words. Can be repeated. */
  readonly apply: (run: Its) => Promise<string[]>;
  /** Takes back what it made, and nothing that others made. Can be repeated. */
  readonly undo?: (run: Its) => Promise<string[]>;
  /** What stays of it after an abort, and why. */
  readonly stays?: (run: Its) => Explained[];
}

/** A way to migrate: its steps from the first to the last. An abort undoes them in reverse. */
export interface Route<Its extends Run = Run> {
  readonly steps: readonly Step<Its>[];
  /** Reads, after an abort, that both nodes are as before; returns what was found, in an operator's words. */
  readonly checkUndone: (run: Its) => Promise<string[]>;
}

/** The steps that a plan takes. */
export function stepsOf<Its extends Run>({ steps }: Route<Its>, plan: Its['plan']): Step<Its>[] {
  return steps.filter(({ isFor }) => isFor?.(plan) ?? true);
}
