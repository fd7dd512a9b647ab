import { isLower } from '../../model/hosting.js';
import { isLive, type Finding, type WithParties } from '../../model/plan.js';
import { neededOf } from '../../model/plan-parts.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { Permission, SynchronizerGrant } from '../../model/participant.js';
import { when } from './finding.js';

/** Who needs something of which synchronizer. */
export interface Needing {
  name: string;
  uid: string;
  /** As an operator calls it. */
  alias: string;
  /** Logical id. */
  synchronizerId: string;
  /** Whether it has to join it first. */
  joins: boolean;
  /** What it is to be granted at least. */
  needs: Permission;
}

/**
 * What the target synchronizer does not grant the target. A synchronizer is asked through a node that is connected to it; of
 * what one knew when it was disconnected only warnings come. Source: networks E.
 */
export async function planGrants(
  plan: WithParties,
  { source, target }: { source: ParticipantReads; target: ParticipantReads },
): Promise<{ obstacles: Finding[]; warnings: Finding[] }> {
  const { name, uid, synchronizer } = plan.target;
  const joins = isLive(plan) && plan.live.joins;
  const { alias, logicalId: synchronizerId } = synchronizer;
  const its = { name, uid, alias, synchronizerId, joins, needs: neededOf(plan) };
  const connected = await findConnected([target, source], synchronizerId);
  const reader = connected ?? (joins ? source : target);
  const found = await grantObstacles(reader, its);
  const grant = await readGrant(reader, its);
  const lower = [...findSilenceWarnings(its, grant), ...(await findRateWarnings(plan, grant, source))];
  return connected
    ? { obstacles: found, warnings: lower }
    : { obstacles: [], warnings: [...found, ...lower] };
}

/** The first of these nodes that is connected to a synchronizer: it knows what is granted there now. */
export async function findConnected(
  nodes: readonly ParticipantReads[],
  synchronizerId: string,
): Promise<ParticipantReads | undefined> {
  for (const node of nodes) {
    const registered = await node.synchronizers.listRegistered();
    if (registered.some((its) => its.logicalId === synchronizerId && its.isConnected)) return node;
  }
  return undefined;
}

/** What keeps a participant from serving on a synchronizer, each with its cure, as `reader` knows it. */
export async function grantObstacles(reader: ParticipantReads, its: Needing): Promise<Finding[]> {
  const { name, uid, alias, joins, needs } = its;
  const grant = await readGrant(reader, its);
  const { restriction, permission, loginAfter } = grant;
  const isAhead = loginAfter !== undefined && loginAfter > (await reader.health.readTime());
  const isRestricted = restriction.startsWith('RESTRICTED') && permission === undefined;
  const isLocked = joins && restriction.endsWith('LOCKED');
  const ask = `ask the operator of the synchronizer for a ParticipantSynchronizerPermission of at least ${needs.toUpperCase()} for the target`;
  return [
    ...when(isLocked, {
      type: 'SynchronizerLocked',
      what: `${name} (${uid}) has to join ${alias}, which takes no new member, with a permission or without (onboarding_restriction ${restriction})`,
      cure: 'ask the operator of the synchronizer to open it for new members, or use a target that is a member already',
    }),
    ...when(joins && !isLocked && isRestricted, {
      type: 'JoinNotPermitted',
      what: `${name} has to join ${alias}, which takes only members that it has a permission for (onboarding_restriction ${restriction}), and there is none for ${uid}`,
      cure: ask,
    }),
    ...when(!joins && isRestricted, {
      type: 'TargetNotPermitted',
      what: `${name} is a member of ${alias}, which is restricted (onboarding_restriction ${restriction}), and there is no permission for ${uid}: the party mappings that name it have no effect, and it cannot ping itself`,
      cure: ask,
    }),
    ...when(permission !== undefined && isLower(permission, needs), {
      type: 'PermissionTooLow',
      what: `${alias} grants ${name} (${uid}) ${(permission ?? '').toUpperCase()}, expected ${needs.toUpperCase()}: whatever the party mappings say, it may do no more`,
      cure: ask,
    }),
    ...when(isAhead, {
      type: 'LoginNotYet',
      what: `${name} (${uid}) may use ${alias} only after ${loginAfter} (login_after): while it is connected there before, its commands fail and its process ends, and with it its connection to every synchronizer`,
      cure: 'disconnect it there and wait until then, or ask the operator of the synchronizer for a permission without login_after',
    }),
  ];
}

/** Whether it is granted enough for its parties, and too little to ping itself, as SUBMISSION alone allows. */
function findSilenceWarnings(
  { name, alias, needs }: Needing,
  { permission }: SynchronizerGrant,
): Finding[] {
  const isSilent = permission !== undefined && isLower(permission, 'submission');
  return when(isSilent && !isLower(permission, needs), {
    type: 'TargetNotPinged',
    what: `${alias} grants ${name} ${(permission ?? '').toUpperCase()}, which its parties need no more than; with that it cannot ping itself, so the migration does not try whether it answers over ${alias}`,
    cure: 'confirm it with the plan and look at the first transactions after the cut-over, or ask the operator of the synchronizer for a ParticipantSynchronizerPermission of SUBMISSION for the target',
  });
}

/** Whether the target may confirm less per second than the source. */
async function findRateWarnings(
  { source: from, target: to }: WithParties,
  { maxRate }: SynchronizerGrant,
  source: ParticipantReads,
): Promise<Finding[]> {
  const { logicalId, alias } = from.synchronizer;
  const before = await readGrant(source, { synchronizerId: logicalId, uid: from.uid });
  const isLower = maxRate !== undefined && before.maxRate !== undefined && maxRate < before.maxRate;
  return when(isLower, {
    type: 'RateLower',
    what: `${to.synchronizer.alias} limits ${to.name} to ${maxRate} confirmation requests per second, ${alias} limits ${from.name} to ${before.maxRate} (confirmation_requests_max_rate)`,
    cure: 'ask the operator of the target synchronizer for the limits of the source, unless the applications need less',
  });
}

function readGrant(
  { topology }: ParticipantReads,
  { synchronizerId, uid }: Pick<Needing, 'synchronizerId' | 'uid'>,
): Promise<SynchronizerGrant> {
  return topology.readGrant({ synchronizerId }, uid);
}
