import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { listSpools, OWNER_FILE, removeSpool } from '../../acs/spool.js';

/** A spool on this worker's disk that says which migration it belongs to. */
export interface OwnedSpool {
  name: string;
  /** Workflow id. */
  owner: string;
  remove: () => Promise<void>;
}

/** The spools below `folder` that say whose they are; none if it is not there. */
export async function listOwnedSpools(folder: string): Promise<OwnedSpool[]> {
  const found: OwnedSpool[] = [];
  for (const spool of await listSpools(folder)) {
    const owner = await readFile(join(spool, OWNER_FILE), 'utf8').catch(() => '');
    if (owner !== '') found.push({ name: basename(spool), owner, remove: () => removeSpool(spool) });
  }
  return found;
}
