import { CantonError } from '../../canton/errors.js';
import { toFailure } from '../../activities/attempt/failures.js';
import { MigrationError } from '../../client/errors.js';
import { cureOf } from '../../model/cures.js';
import { TemporalProblem } from '../../temporal/problem.js';

/** What is checked, in the order in which it is shown. */
export const CHECKS = [
  'configuration',
  'reachability',
  'identity',
  'rights',
  'version',
  'keys',
  'clock',
  'spool',
  'lists',
  'temporal',
  'search attributes',
  'worker',
  'approvals',
  'payloads',
  'reports',
  'ports',
  'migration',
] as const;
export type CheckName = (typeof CHECKS)[number];

/**
 * By how much it matters. `not tried`: only a change would show it; `not checked`: something else has to be put right
 * first, and that is told already.
 */
export const STATUSES = ['not tried', 'ok', 'needed', 'not checked', 'warning', 'problem'] as const;
export type CheckStatus = (typeof STATUSES)[number];

/** What came of a check. */
export interface CheckResult {
  check: CheckName;
  /** What was looked at: a participant, an API of it, a folder. */
  about: string;
  status: CheckStatus;
  /** What was found and, unless that is good, what was expected. */
  what: string;
  /** What to do about it; there for every warning and problem. */
  next?: string;
}

/** Results of one check of one thing. */
export class Findings {
  readonly results: CheckResult[] = [];

  constructor(
    readonly check: CheckName,
    readonly about: string,
  ) {}

  ok(what: string): this {
    return this.add({ status: 'ok', what });
  }

  /** What a migration needs in any case, and is no fault. */
  needed(what: string, next: string): this {
    return this.add({ status: 'needed', what, next });
  }

  notTried(what: string): this {
    return this.add({ status: 'not tried', what });
  }

  notChecked(what: string): this {
    return this.add({ status: 'not checked', what });
  }

  warning(what: string, next: string): this {
    return this.add({ status: 'warning', what, next });
  }

  problem(what: string, next: string): this {
    return this.add({ status: 'problem', what, next });
  }

  /** A failure with its cure: nothing of a migration has to be resumed here. */
  failure(error: unknown): this {
    return this.problem((error as Error).message, cureNow(error));
  }

  private add(result: Pick<CheckResult, 'status' | 'what' | 'next'>): this {
    this.results.push({ check: this.check, about: this.about, ...result });
    return this;
  }
}

/** The cure of a failure as long as no migration and no worker wait for it. */
export function cureNow(error: unknown): string {
  if (error instanceof MigrationError || error instanceof TemporalProblem) return error.next;
  const { type = '' } = (error instanceof CantonError ? toFailure(error) : error) as { type?: string };
  return beforeAnyMigration(cureOf(type));
}

/** The cures of the plan and of steps end in what a running migration waits for. */
export function beforeAnyMigration(cure: string): string {
  return cure.replace(/(, restart the worker)?[,;]? then resume$/, '');
}

/** Runs a check; whatever it throws is a problem of its own, and of no other check. */
export async function checking(
  check: CheckName,
  about: string,
  work: (findings: Findings) => Promise<unknown>,
): Promise<CheckResult[]> {
  const findings = new Findings(check, about);
  try {
    await work(findings);
  } catch (error) {
    findings.failure(error);
  }
  return findings.results;
}
