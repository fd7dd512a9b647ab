import type { Tuning } from '../../model/steering.js';

/** Contracts in one import call. */
const FEWEST = 500;
const MOST = 50_000;
/** Before anything is known: little enough for a participant that has just started. */
const FIRST = 2_500;
/** A call is at most so many times larger than the one before: one quick call proves little. */
const GROWTH = 4;

/** How many contracts the next import call takes, learnt from how long the calls before took on this target. */
export class Pace {
  private size = FIRST;
  private contractsPerSecond: number | undefined;

  /** Takes in how long a call of so many contracts took. */
  learn(contracts: number, seconds: number): void {
    this.contractsPerSecond = contracts / Math.max(seconds, 0.001);
  }

  /** Contracts that the target takes in about `targetSeconds`, and no more than the limit allows in that time. */
  next({ targetSeconds, contractsPerSecond: limit = Infinity }: Tuning): number {
    const learnt = this.contractsPerSecond;
    const wanted =
      learnt === undefined ? this.size : Math.min(learnt * targetSeconds, this.size * GROWTH);
    this.size = Math.round(Math.min(MOST, Math.max(FEWEST, Math.min(wanted, limit * targetSeconds))));
    return this.size;
  }
}

/** How long to wait after a call so that the limit holds, milliseconds. */
export function pauseMs(contracts: number, seconds: number, { contractsPerSecond }: Tuning): number {
  if (contractsPerSecond === undefined) return 0;
  return Math.max(0, contracts / contractsPerSecond - seconds) * 1000;
}
