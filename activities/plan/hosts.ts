import { listed } from '../../model/count.js';
import { namespaceOf, type Finding, type MigrationPlan, type WithParties } from '../../model/plan.js';
import { PARTY_VIEWS } from '../../model/plan-parties.js';
import { countContracts } from './contracts.js';
import type { NodeReading } from './nodes.js';
import type { ParticipantReads } from '../../model/participant-access.js';

/**
 * Finds out who else hosts the parties on the target synchronizer: where they are active there, the target would
 * process transactions over contracts that it does not have, and be destroyed. Source: admin-api 5.5.
 *
 * Only the holder of the root key may be in the way, parked and without contracts that others could use: then the
 * target takes its place.
 */
export async function planHosts(
  plan: WithParties,
  holder: ParticipantReads,
): Promise<{ replaces?: MigrationPlan['replaces']; obstacles: Finding[] }> {
  const others = new Set(
    plan.parties
      .filter(({ treatment }) => treatment === 'move')
      .flatMap(({ formerMapping }) => formerMapping?.hosts ?? [])
      .map(({ participantUid }) => participantUid)
      .filter((uid) => uid !== plan.target.uid),
  );
  // The same synchronizer for both is an obstacle of its own.
  const isSame = plan.source.synchronizer.logicalId === plan.target.synchronizer.logicalId;
  if (others.size === 0 || isSame) return { obstacles: [] };
  const uid = await holder.health.readUid();
  const isOnlyHolder = others.size === 1 && others.has(uid) && uid !== plan.source.uid;
  if (isOnlyHolder && (await isOutOfUse(holder, plan)))
    return { replaces: { name: holder.name, uid }, obstacles: [] };
  return {
    obstacles: [
      {
        type: 'PartiesHostedElsewhere',
        what: `parties that move are hosted on ${plan.target.synchronizer.alias} by ${listed([...others])}: the target would process transactions over contracts that it does not have`,
        cure: 'use a target synchronizer that does not know these parties; a parked node may be replaced if it shares no contracts with others and the request names it as rootKeyHolder',
      },
    ],
  };
}

/** Counts what the target hosts beside `moved`, by namespace; `reader` knows the target synchronizer. */
export async function countHosted(
  { status: { uid }, registered }: Pick<NodeReading, 'status' | 'registered'>,
  synchronizerId: string,
  moved: readonly string[],
  { reader, target }: { reader: ParticipantReads; target: ParticipantReads },
): Promise<MigrationPlan['target']['hosted']> {
  const connected = registered.filter(({ isConnected }) => isConnected).map((its) => its.logicalId);
  const found = new Set<string>();
  for (const id of new Set([synchronizerId, ...connected])) {
    const { topology } = id === synchronizerId ? reader : target;
    const filter = { participantUid: uid };
    const many = { mayBeMany: true };
    const mappings = await topology.listPartyMappings({ synchronizerId: id }, filter, many);
    for (const { party } of mappings) found.add(party);
  }
  for (const party of [uid, ...moved]) found.delete(party);
  const counts = new Map<string, number>();
  for (const namespace of [...found].map(namespaceOf))
    counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, count]) => ({ namespace, count }));
}

async function isOutOfUse(holder: ParticipantReads, plan: WithParties): Promise<boolean> {
  const registered = await holder.synchronizers.listRegistered();
  if (registered.some(({ isConnected, isManualConnect }) => isConnected || !isManualConnect))
    return false;
  const { logicalId } = plan.target.synchronizer;
  const { shared } = await countContracts(holder, PARTY_VIEWS.moved(plan.parties), logicalId);
  return shared === 0;
}
