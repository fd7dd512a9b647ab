import type { PayloadKey } from '../secrets/payload-keys.js';
import type { ListStore } from '../storage/list-store.js';
import { openLists } from '../storage/open.js';
import { MigrationError } from './errors.js';

/** Opens the list store at a place of the command line; fails as the client does. */
export function openListsAt(place: string, keys: readonly PayloadKey[]): ListStore {
  try {
    return openLists(place, keys);
  } catch (error) {
    const next = "name the place that the worker's configuration has as lists";
    const message = `--lists: ${(error as Error).message}`;
    throw new MigrationError('usage', 'OptionInvalid', message, next, { cause: error });
  }
}
