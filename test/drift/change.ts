import { status } from '@grpc/grpc-js';

import { PlainFailure } from '../../sandbox/errors.js';
import type { Boundary } from './journey.js';
import type { RouteName } from './procedure.js';
import type { World } from './world.js';

/** Takes a change back, if its author could. */
export type TakeBack = () => Promise<void> | void;

/** What somebody does outside of the migration, and what has to be true of it afterwards: `act` tells the truth of it. */
export interface Change {
  readonly name: string;
  /** Every one if left out. */
  readonly routes?: readonly RouteName[];
  act(world: World, boundary?: Boundary): Promise<TakeBack | void>;
}

/** The change cannot be made at this moment, because of what the nodes are: nothing can be said of it. */
export class NotPossible extends PlainFailure {
  constructor(reason: string) {
    super(reason, status.FAILED_PRECONDITION);
  }
}

/** Makes a change that the node may refuse as it is at this moment. */
export async function ifPossible<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new NotPossible(error instanceof Error ? error.message : String(error));
  }
}
