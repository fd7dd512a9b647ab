/** The workflow types a worker registers. Their names are forever. */
export { claimNode } from './claims.js';
export { lookAtNodes } from './look-at-nodes.js';
export { migrateParticipant } from './migrate-participant.js';
export { parkParticipant } from './park-participant.js';
export { planMigration } from './plan-migration.js';
export { readReport } from './read-report.js';
export { recoverMigration } from './take-over.js';
