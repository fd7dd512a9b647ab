import { writeFileSync } from 'node:fs';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** Writes a history into `histories/`, without who recorded it, and where: both differ each time. */
export async function writeHistory(name: string, handle: Pick<WorkflowHandle, 'fetchHistory'>) {
  const history: unknown = JSON.parse(historyToJSON(await handle.fetchHistory()));
  const withoutStacks = (key: string, value: unknown) => (key === 'stackTrace' ? undefined : value);
  const text = JSON.stringify(history, withoutStacks, 2).replaceAll(/\d+@[\w.-]+/g, 'recorder');
  writeFileSync(new URL(`histories/${name}.json`, import.meta.url), `${text}\n`);
}
