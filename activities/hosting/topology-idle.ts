import type { ParticipantReads } from '../../model/participant-access.js';
import { unknownTrafficHold } from '../nodes/traffic.js';
import { until } from '../attempt/waiting.js';

/** A proposal takes 1 to 7 s from its answer to its effect. Source: admin-api 5.4. */
const IDLE_LIMIT_MS = 120_000;

/**
 * Returns once every topology transaction the participant knows of is effective.
 *
 * An attempt that broke off may have proposed what no list shows yet; an undo that looked too early would miss
 * it. `keepConnected` is called before each look at one that does not connect by itself. Fails with
 * `TopologyNotIdle`. Source: admin-api 1.14.
 */
export async function awaitTopologyIdle(
  node: ParticipantReads,
  synchronizerId: string,
  keepConnected?: () => Promise<unknown>,
): Promise<void> {
  const { health, name } = node;
  let pending = 0;
  await until(
    async () => {
      await keepConnected?.();
      ({ pendingTopologyTransactions: pending } = await health.readStatus());
      return pending === 0 ? true : undefined;
    },
    {
      what: `topology transactions of ${name} to become effective`,
      limitMs: IDLE_LIMIT_MS,
      type: 'TopologyNotIdle',
      heldUpBy: unknownTrafficHold(node, { synchronizerId }),
      stillMissing: () => `${name} has ${pending} topology transactions on their way`,
    },
  );
}
