import { SEARCH_ATTRIBUTES } from '../../model/steering.js';

/** What the worker found at its start in the namespace it works for. */
export function searchAttributeActivities(known: readonly string[] = Object.values(SEARCH_ATTRIBUTES)) {
  return {
    /**
     * Returns the names of the search attributes that the namespace has: a workflow that sets another one is blocked. Asked
     * once, so that the history says what later runs of the code may set.
     */
    readSearchAttributes(): Promise<string[]> {
      return Promise.resolve([...known]);
    },
  };
}
