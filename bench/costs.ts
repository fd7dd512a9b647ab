/** What a warm real participant takes. Source: admin-api 2.8. */
export const REAL_COST = {
  importCallMs: 600,
  importMicrosPerContract: 420,
  acceptMicrosPerContract: 390,
  exportMicrosPerContract: 55,
};

const PARTIES = 8;
/** Of most rows. */
export const SIZES = { contracts: 100_000, parties: PARTIES };
/** Of those that say how a figure grows. */
export const MANY_SIZES = { contracts: 1_000_000, parties: PARTIES };
