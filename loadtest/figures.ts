import type { IouCommand } from './commands.js';
import { Pauses } from './pauses.js';

/** More than these are counted and not named. */
const FAILURES_NAMED = 20;

/** A command that its client gave up. */
export interface FinalFailure {
  commandId: string;
  node: string;
  /** For example `NOT_FOUND CONTRACT_NOT_FOUND`. */
  reason: string;
  message: string;
}

/** What clients met with so far. */
export class Figures {
  readonly pauses = new Pauses();
  readonly commands: Record<IouCommand['kind'], number> = { create: 0, transfer: 0, settle: 0 };
  readonly retries = new Map<string, number>();
  readonly failures = new Map<string, number>();
  /** The first ones. */
  readonly namedFailures: FinalFailure[] = [];
  /** Commands whose outcome an attempt left open and that was found out. */
  resolved = 0;

  /** Commands that were committed. */
  get committed(): number {
    const { create, transfer, settle } = this.commands;
    return create + transfer + settle;
  }

  get failed(): number {
    return [...this.failures.values()].reduce((sum, times) => sum + times, 0);
  }

  retry(reason: string): void {
    this.retries.set(reason, (this.retries.get(reason) ?? 0) + 1);
  }

  fail(failure: FinalFailure): void {
    this.failures.set(failure.reason, (this.failures.get(failure.reason) ?? 0) + 1);
    if (this.namedFailures.length < FAILURES_NAMED) this.namedFailures.push(failure);
  }
}
