/** Environment variable by which `npm run boundaries` asks for every boundary, also those that CI has no time for. */
export const EVERY_BOUNDARY = 'EVERY_BOUNDARY';

/** Whether every boundary is tested, or a fixed sample of them. */
export const isEveryBoundary = process.env[EVERY_BOUNDARY] !== undefined;

/** Options of tests of rarer ways, which take minutes of migrations: CI leaves them to `npm run boundaries`. */
export const RARER = isEveryBoundary ? {} : { skip: 'takes migrations of its own: npm run boundaries' };

/** Whether a worker dies at the activity, or an abort comes: after one that only reads, the next worker just reads again. */
export function isDeathPoint(activity: string): boolean {
  return isEveryBoundary || !/^(read|await|find)/.test(activity);
}
