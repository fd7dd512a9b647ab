import type { Client } from '@temporalio/client';

import { migrationId } from '../model/plan.js';
import { shown } from '../model/shown-text.js';
import { MIGRATE_WORKFLOW } from '../model/steering.js';
import { MigrationError } from './errors.js';

const ID_START = migrationId('');
/** More open migrations than this are not listed. */
const LISTED = 20;

/** See `MigrationClient.find`. */
export async function findMigration(client: Client, reference?: string): Promise<string> {
  if (reference !== undefined) {
    return !reference.startsWith(ID_START) && reference.includes('::')
      ? migrationId(reference)
      : reference;
  }
  const [open = [], hidden] = await listOpen(client);
  const [only] = open;
  if (only !== undefined && open.length === 1) return only;
  if (only === undefined) {
    const next = 'name one (canton-migrate status <source uid>), or start one: canton-migrate start';
    throw new MigrationError('usage', 'NoneOpen', 'no migration is open', next);
  }
  const names = open.map((id) => `  ${shown(id)}`).join('\n') + (hidden ? '\n  ...' : '');
  throw new MigrationError(
    'usage',
    'SeveralOpen',
    `several migrations are open:\n${names}`,
    'name one of them',
  );
}

async function listOpen(client: Client): Promise<[string[], boolean]> {
  const query = `WorkflowType = "${MIGRATE_WORKFLOW}" AND ExecutionStatus = "Running"`;
  const ids: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) {
    // A migration started under another id has the real one as its child.
    if (!workflowId.startsWith(ID_START)) continue;
    if (ids.length === LISTED) return [ids, true];
    ids.push(workflowId);
  }
  return [ids.sort(), false];
}
