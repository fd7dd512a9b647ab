import { setTimeout } from 'node:timers/promises';

import { MigrationError } from './errors.js';
import type { MigrationSnapshot } from './snapshot.js';

const POLL_MS = 1_000;
/** A Temporal server that restarts is waited for; the migration goes on with it. */
const OUTAGE_LIMIT_MS = 60_000;

/** Yields the first snapshot and every different one after it; ends after the one of the end. */
export async function* watchMigration(
  read: () => Promise<MigrationSnapshot>,
  { signal }: { signal?: AbortSignal },
): AsyncGenerator<MigrationSnapshot, void, undefined> {
  let last: string | undefined;
  while (!signal?.aborted) {
    const snapshot = await patiently(read);
    const text = JSON.stringify(snapshot);
    if (text !== last) yield snapshot;
    last = text;
    if (snapshot.execution !== 'running') return;
    try {
      await setTimeout(POLL_MS, undefined, { ...(signal && { signal }) });
    } catch {
      return;
    }
  }
}

async function patiently(read: () => Promise<MigrationSnapshot>): Promise<MigrationSnapshot> {
  const deadline = Date.now() + OUTAGE_LIMIT_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const isOutage = error instanceof MigrationError && error.type === 'TemporalUnavailable';
      if (!isOutage || Date.now() > deadline) throw error;
      await setTimeout(POLL_MS);
    }
  }
}
