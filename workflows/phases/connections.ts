import type { Activities } from '../../activities/index.js';
import type { TransferRecord } from '../../model/migration.js';
import type { MigrationPlan, PlannedNode } from '../../model/plan.js';
import { refOf } from '../../model/plan-parts.js';

type Side = 'source' | 'target';

/**
 * Note how the synchronizers stand that a node joined since the plan, before the node is disconnected from all of them:
 * the plan does not know how to bring them back.
 */
export async function noteJoined(
  plan: MigrationPlan,
  act: Activities,
  record: TransferRecord,
  side: Side,
): Promise<void> {
  const { connections } = await act.readConnections({ participant: refOf(plan[side]) });
  noteFound(plan, record, side, connections);
}

/** The same of what was found when the node was disconnected. */
export function noteFound(
  plan: MigrationPlan,
  record: TransferRecord,
  side: Side,
  connections: PlannedNode['connections'],
): void {
  const known = new Set(connectionsOf(plan, record, side).map(({ alias }) => alias));
  // To this one the migration itself may have let it join.
  known.add(plan[side].synchronizer.alias);
  const joined = connections.filter(({ alias }) => !known.has(alias));
  if (joined.length === 0) return;
  record.joined = { ...record.joined, [side]: [...(record.joined?.[side] ?? []), ...joined] };
}

/** As a node was connected before the migration, and to what it joined since. */
export function connectionsOf(
  plan: MigrationPlan,
  { joined }: TransferRecord,
  side: Side,
): PlannedNode['connections'] {
  return [...plan[side].connections, ...(joined?.[side] ?? [])];
}
