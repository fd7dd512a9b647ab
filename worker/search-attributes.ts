import type { NativeConnection } from '@temporalio/worker';

import { SEARCH_ATTRIBUTES } from '../model/steering.js';

/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD`. */
export const KEYWORD = 2;
/** gRPC: PERMISSION_DENIED and UNIMPLEMENTED, of a server that does not let its users manage search attributes. */
const NOT_OURS_TO_MANAGE = new Set([7, 12]);
/** gRPC: INVALID_ARGUMENT, of a query that names an attribute which the namespace does not have. */
const INVALID_ARGUMENT = 3;

/** Which search attributes workflows may set, and what an operator does about the others. */
export interface FoundSearchAttributes {
  known: string[];
  /** One for each cause. */
  warnings: string[];
}

/**
 * Ensures that the namespace has the search attributes of a migration, the most useful ones first, and returns those that it
 * has in the end: a workflow that sets another one would be blocked. Migrations do without the rest.
 *
 * What is registered already is left. Fails only if Temporal does not answer.
 */
export async function ensureSearchAttributes(
  connection: NativeConnection,
  namespace: string,
): Promise<FoundSearchAttributes> {
  const names = Object.values(SEARCH_ATTRIBUTES);
  const types = await typesOf(connection, namespace);
  if (!types) return probed(connection, namespace, names);
  const missing = names.filter((name) => !(name in types));
  const wrong = names.filter((name) => name in types && types[name] !== KEYWORD);
  const problem = await addEach(connection, namespace, missing);
  const added = problem ? await typesOf(connection, namespace) : undefined;
  const absent = problem ? missing.filter((name) => !(name in (added ?? {}))) : [];
  return {
    known: names.filter((name) => !wrong.includes(name) && !absent.includes(name)),
    warnings: [
      ...(wrong.length > 0 ? [wrongType(namespace, wrong)] : []),
      ...(absent.length > 0 ? [`${problem ?? ''}; ${without(namespace, absent)}`] : []),
    ],
  };
}

/** The custom attributes of a namespace with their types; nothing where we are not let look. */
export async function typesOf(
  connection: Pick<NativeConnection, 'operatorService'>,
  namespace: string,
): Promise<Record<string, number> | undefined> {
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return customAttributes ?? {};
  } catch (error) {
    if (NOT_OURS_TO_MANAGE.has(codeOf(error))) return undefined;
    throw error;
  }
}

/** Adds one after the other, because a server that has no room for all of them takes none; returns why it stopped. */
async function addEach(
  connection: NativeConnection,
  namespace: string,
  names: readonly string[],
): Promise<string | undefined> {
  for (const name of names) {
    try {
      const searchAttributes = { [name]: KEYWORD };
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    } catch (error) {
      if (NOT_OURS_TO_MANAGE.has(codeOf(error)))
        return `namespace ${namespace} does not let its workers register search attributes`;
      const why = (error as { details?: string }).details ?? (error as Error).message;
      return `search attribute ${name} cannot be registered in namespace ${namespace} (${why})`;
    }
  }
  return undefined;
}

/** Where nobody tells what is registered: a query that names another attribute is refused. */
async function probed(
  connection: NativeConnection,
  namespace: string,
  names: readonly string[],
): Promise<FoundSearchAttributes> {
  const known: string[] = [];
  for (const name of names) {
    try {
      const query = `${name} = 'none'`;
      await connection.workflowService.countWorkflowExecutions({ namespace, query });
      known.push(name);
    } catch (error) {
      if (codeOf(error) !== INVALID_ARGUMENT) throw error;
    }
  }
  const absent = names.filter((name) => !known.includes(name));
  const cause = `namespace ${namespace} does not let its workers register search attributes`;
  return { known, warnings: absent.length > 0 ? [`${cause}; ${without(namespace, absent)}`] : [] };
}

function wrongType(namespace: string, names: readonly string[]): string {
  return (
    `search attribute ${names.join(', ')} of namespace ${namespace}: found another type, expected Keyword; ` +
    'migrations run without; to have it, use another namespace, or remove the attribute and restart the worker'
  );
}

function without(namespace: string, names: readonly string[]): string {
  const options = names.map((name) => `--name ${name} --type Keyword`).join(' ');
  return (
    `migrations run without ${names.join(', ')}; to have them, register them and restart the worker: ` +
    `temporal operator search-attribute create --namespace ${namespace} ${options} ` +
    '(SQL visibility has room for ten Keyword attributes; in Temporal Cloud: tcld namespace search-attributes add)'
  );
}

function codeOf(error: unknown): number {
  return (error as { code?: number }).code ?? -1;
}
