import type { Change } from './change.js';
import { CONTRACT_CHANGES } from './contract-changes.js';
import { NODE_CHANGES } from './node-changes.js';
import { TOPOLOGY_CHANGES } from './topology-changes.js';

/**
 * Everything that others do to the nodes while a migration runs.
 *
 * A second migration to the same target is not among them: it is refused in Temporal before it reaches a node, and there
 * is no Temporal here.
 */
export const CHANGES: readonly Change[] = [...CONTRACT_CHANGES, ...TOPOLOGY_CHANGES, ...NODE_CHANGES];

/** Fails if there is none of this name. */
export function changeOf(name: string): Change {
  const found = CHANGES.find((its) => its.name === name);
  if (!found) throw new Error(`no change '${name}'`);
  return found;
}
