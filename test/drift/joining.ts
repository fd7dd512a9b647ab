import { registerWith } from '../../sandbox/participant.js';
import type { Synchronizer } from '../../sandbox/synchronizer.js';
import { ifPossible, NotPossible } from './change.js';
import type { World } from './world.js';

/** The synchronizer that the source is on when the plan is made. */
export function sourceSynchronizer({ sandbox, places }: World): Synchronizer {
  const { source, target } = sandbox.synchronizers;
  return source.info.alias === places.source.alias ? source : target;
}

/** Connects a node to the one synchronizer that it is not on yet. */
export async function joinOther(world: World, side: 'source' | 'target'): Promise<Synchronizer> {
  const { source, target } = world.sandbox.synchronizers;
  const own = world.places[side].alias;
  const other = source.info.alias === own ? target : source;
  const { alias } = other.info;
  const { node } = world[side].participant;
  if (node.connections.list().some((known) => known.alias === alias))
    throw new NotPossible(`the ${side} knows ${alias}`);
  await ifPossible(async () => {
    registerWith(node, other);
    await node.connections.connect(alias);
  });
  return other;
}
