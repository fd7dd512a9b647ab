/** Environment variable by which `npm run boundaries` asks for every boundary, also those that CI has no time for. */
export const EVERY_BOUNDARY = 'EVERY_BOUNDARY';

/** Whether every boundary is tested, or a fixed sample of them. */
export const isEveryBoundary = process.env[EVERY_BOUNDARY] !== undefined;
