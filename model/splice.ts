import type { Gate } from './phase.js';
import type { MigrationPlan } from './plan.js';

/** Names of the packages of Splice begin so: splice-amulet, splice-wallet, splice-api-token-holding-v1 and others. */
export const SPLICE_PACKAGES = 'splice-';

/** The gates after which a node is disconnected, and nobody else may connect it. */
const DISCONNECTING: readonly Gate[] = ['warm-copy', 'interrupt-service', 'target-backup'];

/** What the approval of a gate confirms beside its statement; empty for most. */
export function confirmedOfSplice(gate: Gate, { warnings }: Pick<MigrationPlan, 'warnings'>): string {
  const hasSplice = warnings.some(({ type }) => type === 'SplicePackages');
  if (!hasSplice || !DISCONNECTING.includes(gate)) return '';
  return '; the Splice validator apps of both nodes are stopped (0 replicas), because they connect their participant by themselves';
}
