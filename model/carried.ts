import type { Migration } from './migration.js';
import type { HashedPlan } from './plan.js';
import type { MigrationReport } from './report.js';

/** What a run leaves to the next one, behind the request. */
export type Carried = [
  rest: Migration,
  hashed: HashedPlan | undefined,
  report: MigrationReport | undefined,
];

/** All that a run knows of its migration, as the next one needs it. */
export function carriedOf({ hashed, report, ...rest }: Migration): Carried {
  // The argument before has the request, and the report has the verification.
  delete rest.request;
  delete rest.isReset;
  delete rest.isResetFound;
  if (report) delete rest.verification;
  // Temporal counts the updates of each run.
  delete rest.singleHandIns;
  return [rest, hashed, report];
}

/** The migration that a run left. */
export function migrationOf([rest, hashed, report]: Carried): Migration {
  return {
    ...rest,
    ...(hashed && { hashed }),
    ...(report && { report, verification: report.verification }),
  };
}
