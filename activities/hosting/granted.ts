import { listed } from '../../model/count.js';
import { mismatch, refused } from '../../model/failure.js';
import type { Wanted } from '../../model/hosting.js';
import type { NodeRef } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { findConnected, grantObstacles, type Needing } from '../plan/grants.js';

/** A target and the synchronizer on which it is to serve. */
export interface GrantedInput {
  source: NodeRef;
  target: NodeRef;
  /** Of the synchronizer, on the target. */
  alias: string;
  synchronizerId: string;
}

/**
 * Fails with `TargetNotGranted` if the synchronizer does not grant the target what it needs, as the first of `nodes` that is
 * connected there knows it; if none is, nobody can tell.
 */
export async function assertGranted(
  nodes: readonly ParticipantReads[],
  { target, alias, synchronizerId }: Omit<GrantedInput, 'source'>,
): Promise<void> {
  const found = await findLacking(nodes, { ...target, alias, synchronizerId, joins: false });
  if (found !== undefined) throw refused('TargetNotGranted', found);
}

/** What a synchronizer does not grant a participant, with what to ask for. */
export async function findLacking(
  nodes: readonly ParticipantReads[],
  its: Needing,
): Promise<string | undefined> {
  const reader = await findConnected(nodes, its.synchronizerId);
  const lacking = reader ? await grantObstacles(reader, its) : [];
  if (lacking.length === 0) return undefined;
  return lacking.map(({ what, cure }) => `${what}; ${cure}`).join('; ');
}

/** Fails with `PermissionNotEffective` if the target may do less for one of these parties than its mapping says. */
export async function assertEffective(
  { name, topology }: ParticipantReads,
  {
    target,
    synchronizerId,
    parties,
  }: Pick<GrantedInput, 'target' | 'synchronizerId'> & {
    parties: Wanted[];
  },
): Promise<void> {
  if (parties.length === 0) return;
  const hosted = await topology.listEffectiveHosting(synchronizerId, target.uid);
  const effective = new Map(hosted.map((its) => [its.party, its.permission]));
  const lower = parties.filter(
    ({ party, permission }) => RANK[effective.get(party) ?? 'none'] < RANK[permission],
  );
  if (lower.length === 0) return;
  const told = lower.map(
    ({ party, permission }) => `${party}: ${effective.get(party) ?? 'nothing'}, expected ${permission}`,
  );
  throw mismatch('PermissionNotEffective', `${name} may really do for ${listed(told)}`);
}

const RANK = { none: 0, observation: 1, confirmation: 2, submission: 3 };
