import type { NodeLeft, NodesToLookAt } from '../model/left-on-nodes.js';
import { PREPARATION } from '../model/phase.js';
import { refuseRequest } from './steering/edge.js';
import { endingWith } from './steering/outcome.js';
import { activitiesAfter } from './proxies.js';

/** Returns what two nodes say of themselves, for whoever decides what becomes of a migration. Changes nothing. */
export async function lookAtNodes(nodes: NodesToLookAt): Promise<NodeLeft[]> {
  refuseRequest(nodes, ['source', 'target']);
  try {
    return await activitiesAfter(() => Promise.resolve()).readNodesLeft(nodes);
  } catch (error) {
    throw endingWith(PREPARATION, error);
  }
}
