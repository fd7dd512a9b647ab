import { join } from 'node:path';

import { countHostings, type HostingRequest } from '../../model/ceremony.js';
import { hostingsOf } from '../../workflows/phases/signed-hostings.js';
import type { Sandbox } from '../../sandbox/index.js';
import { openLists } from '../../storage/open.js';
import type { Migrating } from './route-steps.js';

/** Has the keys outside of the nodes sign the hostings of a migration: those that are asked and wanted. */
export async function signHostings(
  { sandbox, planned: { plan }, act, migration, spoolFolder }: Migrating,
  isWanted: (request: HostingRequest) => boolean = () => true,
): Promise<HostingRequest[]> {
  const asked = await hostingsOf(plan, act);
  if (!asked) return [];
  const lists = openLists(join(spoolFolder, 'lists'), []);
  const requests = [...(await lists.read<HostingRequest>(asked.requests))];
  const signatures = requests.filter(isWanted).map(({ hash, key }) => ({
    hash,
    signedBy: key.fingerprint,
    signature: Buffer.from(signatureOf(sandbox, key.fingerprint, hash)).toString('base64'),
    by: 'a test',
    providedAt: new Date(0).toISOString(),
  }));
  migration.hostings = { requests, signatures, counts: countHostings(requests, signatures) };
  return requests;
}

/** By whoever has the key: the target for a party in its namespace, else somebody without a node. */
function signatureOf(sandbox: Sandbox, key: string, hash: string): Uint8Array {
  const bytes = Buffer.from(hash, 'hex');
  const { vault } = sandbox.participants.target.participant.node;
  const isOfTarget = vault.list().some(({ fingerprint }) => fingerprint === key);
  return isOfTarget ? vault.sign(key, bytes).signature : sandbox.sign(key, bytes);
}
