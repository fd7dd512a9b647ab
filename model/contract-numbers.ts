import { count, counted } from './count.js';
import { countOf } from './listed.js';
import type { Migration } from './migration.js';
import { isLive, isReverse, type MigrationPlan } from './plan.js';
import type { Verification } from './report.js';

/** Why a number of contracts is not that of the plan; nothing where it is the same. */
export function sincePlan(plan: MigrationPlan, contractCount: number): string | undefined {
  const { total } = plan.contracts;
  if (contractCount === total) return undefined;
  return `${counted(total, 'contract')} when it was planned; others created and archived since`;
}

/** The same of those that a copy imports: where the target had some before, it is not given them. */
export function importedSincePlan(plan: MigrationPlan, contractCount: number): string | undefined {
  const hadSome =
    isReverse(plan) ||
    (isLive(plan) && (plan.live.staleOnTarget > 0 || countOf(plan.live.alreadyHosted) > 0));
  if (!hadSome || contractCount === plan.contracts.total) return sincePlan(plan, contractCount);
  return `${counted(plan.contracts.total, 'contract')} when it was planned, of which ${plan.target.name} had some`;
}

/** The same of a comparison: before the cut-over the live route compares what the target was to be given. */
export function comparedSincePlan(
  plan: MigrationPlan,
  { contractCount, isAfterCutOver }: Pick<Verification, 'contractCount' | 'isAfterCutOver'>,
): string | undefined {
  const isOfImported = isLive(plan) && !isAfterCutOver && countOf(plan.live.alreadyHosted) > 0;
  return isOfImported ? importedSincePlan(plan, contractCount) : sincePlan(plan, contractCount);
}

/** How many there are by the last reading of the nodes; nothing before the first one. */
export function lastCount({ verification, live, transfer }: Migration): number | undefined {
  const { compared } = live ?? {};
  const isBefore = compared !== undefined && verification?.isAfterCutOver !== true;
  if (isBefore) return compared.contractCount;
  return verification?.contractCount ?? transfer.exported?.total.contractCount;
}

/** Said below a table whose numbers are more than all contracts together. */
export function ofSeveral(parts: readonly number[], total: number): string[] {
  const sum = parts.reduce((all, its) => all + its, 0);
  if (sum <= total) return [];
  return [`${count(total)} in all: a contract of several parties counts for each of them`];
}
