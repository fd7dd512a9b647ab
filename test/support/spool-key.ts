/** Seals the spools of tests. */
export const SPOOL_KEY = Buffer.alloc(32, 7);
