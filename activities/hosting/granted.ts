import { listed } from '../../model/count.js';
import { mismatch, refused } from '../../model/failure.js';
import { isLower, type Wanted } from '../../model/hosting.js';
import type { NodeRef, Permission } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { findConnected, grantObstacles, type Needing } from '../plan/grants.js';

/** With more parties the list of effective permissions takes minutes: of 9,300 it took 35 s. Source: networks H. */
const LISTED_AT_MOST = 1_000;

/** A target and the synchronizer on which it is to serve. */
export interface GrantedInput {
  source: NodeRef;
  target: NodeRef;
  /** Of the synchronizer, on the target. */
  alias: string;
  synchronizerId: string;
  /** What it is to be granted at least. */
  needs: Permission;
}

/**
 * Fails with `TargetNotGranted` if the synchronizer does not grant the target what it needs, as the first of `nodes` that is
 * connected there knows it; if none is, nobody can tell.
 */
export async function assertGranted(
  nodes: readonly ParticipantReads[],
  { target, ...its }: Omit<GrantedInput, 'source'>,
): Promise<void> {
  const found = await findLacking(nodes, { ...target, ...its, joins: false });
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

/** Who is to ping itself, where. */
export interface Pinging extends Pick<GrantedInput, 'synchronizerId' | 'needs'> {
  participant: NodeRef;
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
  const effective =
    parties.length > LISTED_AT_MOST
      ? await grantedHosting(topology, synchronizerId, target.uid)
      : await effectiveHosting(topology, synchronizerId, target.uid);
  const lower = parties.filter(({ party, permission, effective: needed = permission }) =>
    isLower(effective.get(party) ?? 'none', needed),
  );
  if (lower.length === 0) return;
  const told = lower.map(
    ({ party, permission, effective: needed = permission }) =>
      `${party}: ${effective.get(party) ?? 'nothing'}, expected ${needed}`,
  );
  throw mismatch('PermissionNotEffective', `${name} may really do for ${listed(told)}`);
}

async function effectiveHosting(
  topology: ParticipantReads['topology'],
  synchronizerId: string,
  uid: string,
): Promise<Map<string, Permission>> {
  const hosted = await topology.listEffectiveHosting(synchronizerId, uid);
  return new Map(hosted.map((its) => [its.party, its.permission]));
}

/** The same by rule: the lower one of mapping and grant, and nothing without a grant where one is needed. Source: networks E. */
async function grantedHosting(
  topology: ParticipantReads['topology'],
  synchronizerId: string,
  uid: string,
): Promise<Map<string, Permission>> {
  const { permission: granted, restriction } = await topology.readGrant({ synchronizerId }, uid);
  if (granted === undefined && restriction.startsWith('RESTRICTED')) return new Map();
  const mappings = await topology.listPartyMappings({ synchronizerId }, { participantUid: uid });
  return new Map(
    mappings.flatMap(({ party, hosts }) =>
      hosts
        .filter(({ participantUid }) => participantUid === uid)
        .map(({ permission }) => [
          party,
          granted !== undefined && isLower(granted, permission) ? granted : permission,
        ]),
    ),
  );
}

/** Whether a participant is granted what a ping takes, or lacks what it needs: then the ping fails and says so. */
export async function mayPing(
  { topology }: ParticipantReads,
  { participant, synchronizerId, needs }: Pinging,
): Promise<boolean> {
  const { permission } = await topology.readGrant({ synchronizerId }, participant.uid);
  return permission === undefined || permission === 'submission' || isLower(permission, needs);
}
