import type { NativeConnection } from '@temporalio/worker';

import { SEARCH_ATTRIBUTES } from '../model/steering.js';

/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD`. */
const KEYWORD = 2;
/** gRPC codes of a server that does not let its users manage search attributes. */
const NOT_OURS_TO_MANAGE = new Set([7, 12]);

/**
 * Ensures that the namespace knows the search attributes of a migration: a workflow that sets one it does not
 * know would be blocked. What is registered already is left.
 *
 * Fails if one has another type: the server would ignore the registration without a word. Returns a warning if
 * the server does not let us look.
 */
export async function ensureSearchAttributes(
  connection: NativeConnection,
  namespace: string,
): Promise<string | undefined> {
  const names = Object.values(SEARCH_ATTRIBUTES);
  try {
    const { customAttributes = {} } = await connection.operatorService.listSearchAttributes({
      namespace,
    });
    const wrong = names.filter((name) => (customAttributes[name] ?? KEYWORD) !== KEYWORD);
    if (wrong.length > 0) {
      throw new Error(
        `search attribute ${wrong.join(', ')} of namespace ${namespace}: found another type, expected Keyword`,
      );
    }
    const missing = names.filter((name) => !(name in customAttributes));
    if (missing.length === 0) return undefined;
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
    return undefined;
  } catch (error) {
    const code = (error as { code?: number }).code;
    if (code === undefined || !NOT_OURS_TO_MANAGE.has(code)) throw error;
    return `search attributes cannot be checked here; register ${names.join(', ')} as Keyword`;
  }
}
