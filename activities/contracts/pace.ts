import type { Tuning } from '../../model/steering.js';

/**
 * Contracts in one import call. The most are also what the spool compares a contract id with, to find it
 * twice.
 */
const FEWEST = 500;
const MOST = 50_000;
/** Before anything is known: little enough for a participant that has just started. */
const FIRST = 5_000;
/** A call is at most so many times larger than the largest before: one quick call proves little. */
const GROWTH = 8;

/** What a call costs a participant beside its contracts, seconds. Source: admin-api 2.8. */
const CALL_SECONDS = 0.6;
/**
 * How far the upload may be ahead of what the target has presumably taken, seconds: what goes over still if
 * it is ended. More than a call costs, since part of that may come after the last contract.
 */
const LEAD_SECONDS = 1.2;
/** The least lead, however long one segment takes the target. */
const SHORTEST_LEAD_SECONDS = 0.25;
/**
 * A target that answers sooner after the last byte had less than the lead to do: it had to wait for more. More than a call
 * costs and one segment takes, which may be all that is left then.
 */
const STARVED_SECONDS = 0.9;
/**
 * How much faster a target is fed that had to wait. Too much costs one slow pause, too little all of the
 * copy.
 */
const FASTER = 2;
/**
 * What a target takes that is warm, contracts per second. One that has just started is 3 to 4 times slower,
 * and not for long: until a second call has shown the same, no more is made of the first. Source: admin-api
 * 2.8.
 */
const WARM = 2_500;
/** How far two calls differ that show the same. */
const SAME = 1.2;

/** One call, as far as it is. Times in seconds of the clock. */
interface Call {
  begunAt: number;
  endedAt: number;
  contracts: number;
  /** Whether the upload waited because of what was learnt, and not for segments or a limit. */
  wasPaced: boolean;
}

/** How large an import call gets and how fast it is fed, learnt from the calls before on this target. */
export class Pace {
  /** Contracts that the target takes in a second, beside what each call costs. */
  private rate: number | undefined;
  private isConfirmed = false;
  private largest = FIRST / GROWTH;
  private call: Call = { begunAt: 0, endedAt: 0, contracts: 0, wasPaced: false };

  /** @param clock seconds, from any time on. */
  constructor(private readonly clock = () => performance.now() / 1000) {}

  /** The next call begins. */
  begin(): void {
    this.call = { begunAt: this.clock(), endedAt: NaN, contracts: 0, wasPaced: false };
  }

  /** How long the call lasts so far, seconds. */
  get seconds(): number {
    return this.clock() - this.call.begunAt;
  }

  /** Contracts that the target takes in about `targetSeconds`, and no more than the limit allows in that time. */
  sizeOf({ targetSeconds, contractsPerSecond: limit = Infinity }: Tuning): number {
    const seconds = Math.max(targetSeconds - CALL_SECONDS, targetSeconds / 4);
    const wanted = Math.min(
      (this.rate ?? Infinity) * seconds,
      this.largest * GROWTH,
      limit * targetSeconds,
    );
    return Math.round(Math.min(MOST, Math.max(FEWEST, wanted)));
  }

  /**
   * How long the next segment has to wait, milliseconds. The first segment of a call never does, nor does the
   * first call.
   */
  waitMs(contracts: number, { contractsPerSecond: limit = Infinity }: Tuning): number {
    const { call, feedRate: rate } = this;
    const leadSeconds = Math.max(LEAD_SECONDS - contracts / rate, SHORTEST_LEAD_SECONDS);
    const byRate = call.contracts / rate + CALL_SECONDS - leadSeconds;
    const byLimit = call.contracts / limit - LEAD_SECONDS;
    const seconds = call.contracts === 0 ? 0 : Math.max(byRate, byLimit, 0) - this.seconds;
    if (seconds <= 0) return 0;
    call.wasPaced ||= byRate >= byLimit;
    return seconds * 1000;
  }

  /** The first byte was sent: what took time before is not the target's. */
  firstByte(): void {
    this.call.begunAt = this.clock();
  }

  /** So many contracts are sent now. */
  feed(contracts: number): void {
    this.call.contracts += contracts;
  }

  /** The last byte was sent. */
  lastByte(): void {
    this.call.endedAt = this.clock();
  }

  /**
   * The call was answered. What it says of the target counts in both directions if the target was busy to the
   * end; if it was not, or the upload was ended early (`isCut`), it is only known not to be slower.
   */
  learn({ isCut }: { isCut: boolean }): void {
    const { contracts, endedAt, wasPaced } = this.call;
    const { seconds } = this;
    const tailSeconds = this.clock() - endedAt;
    const rate = contracts / Math.max(seconds - CALL_SECONDS, seconds / 4, 0.001);
    this.largest = Math.max(this.largest, contracts);
    const known = Math.max(rate, this.rate ?? 0);
    const wasBusy = tailSeconds >= STARVED_SECONDS || tailSeconds >= seconds * 0.75;
    if (!isCut && wasBusy) {
      this.isConfirmed ||= this.rate !== undefined && rate <= this.rate * SAME;
      this.rate = rate;
    } else {
      this.rate = wasPaced && !isCut ? known * FASTER : known;
    }
  }

  private get feedRate(): number {
    const { rate = Infinity, isConfirmed } = this;
    return isConfirmed ? rate : Math.max(rate * SAME, Math.min(rate * FASTER, WARM));
  }

  /** How long to wait after a call so that the limit holds, milliseconds. */
  restMs({ contractsPerSecond: limit = Infinity }: Tuning): number {
    return Math.max(0, this.call.contracts / limit - this.seconds) * 1000;
  }
}
