import { isRefusal } from '../../canton/refusals.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { until } from '../attempt/waiting.js';
import { unknownTrafficHold } from '../nodes/traffic.js';

/** Half of the 100 unsent transactions at which a participant pushes back. Source: admin-api 1.6. */
export const PROPOSALS_AT_ONCE = 50;
/** Less than half of what an Admin API takes in one message: 10 MiB. Source: networks H. */
const MESSAGE_BYTES = 4 * 1024 * 1024;
/** A node sends a hundred within a second. Source: networks H; networks J, item 2. */
const FULL_QUEUE_MS = 500;
/** A hundred take seconds; one that sends nothing for so long has lost its synchronizer. */
const FULL_QUEUE_LIMIT_MS = 10 * 60_000;

/** Yields the messages in batches of so many, and of no more bytes than a participant takes in one call. */
export function* messagesOf(messages: readonly Uint8Array[], most: number): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const message of messages) {
    if (batch.length === most || (batch.length > 0 && bytes + message.length > MESSAGE_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += message.length;
  }
  if (batch.length > 0) yield batch;
}

/**
 * Makes a change as soon as the participant has room for it: that its queue is full means to wait, while it
 * sends. Fails with `TopologyNotIdle`. Source: networks J, item 2.
 */
export async function withRoom(
  node: ParticipantReads,
  place: { synchronizerId: string },
  change: () => Promise<void>,
): Promise<void> {
  const attempt = async () => {
    try {
      await change();
      return true;
    } catch (error) {
      if (!isRefusal(error, 'too many topology transactions are pending')) throw error;
      return undefined;
    }
  };
  if (await attempt()) return;
  await until(attempt, {
    what: `topology transactions of ${node.name} to be sent`,
    everyMs: FULL_QUEUE_MS,
    limitMs: FULL_QUEUE_LIMIT_MS,
    type: 'TopologyNotIdle',
    heldUpBy: unknownTrafficHold(node, place),
    stillMissing: () => `${node.name} takes no topology transactions, its queue stays full`,
  });
}
