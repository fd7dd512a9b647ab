import type { Change } from './change.js';
import { CONTRACT_CHANGES } from './contract-changes.js';
import { NODE_CHANGES } from './node-changes.js';
import { TOPOLOGY_CHANGES } from './topology-changes.js';

/** Everything that others do to the nodes while a migration runs. */
export const CHANGES: readonly Change[] = [
  ...CONTRACT_CHANGES,
  ...TOPOLOGY_CHANGES,
  ...NODE_CHANGES,
];

/** What a second migration to the same target does is refused before it looks at a node: nothing of it reaches one. */
