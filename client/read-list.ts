import { isStored, type Listed } from '../model/listed.js';
import { MigrationError } from './errors.js';

/** Returns the items of a list of a plan. */
export function readList<T>(list: Listed<T>): Promise<readonly T[]> {
  if (!isStored(list)) return Promise.resolve(list);
  const message = `the list ${list.storedList} of ${list.count} items is in the list store`;
  const next = 'read it where the list store is: on the host of the worker';
  return Promise.reject(new MigrationError('refused', 'ListMissing', message, next));
}
