import { sleep } from '@temporalio/activity';

import { isRefusal } from '../../canton/refusals.js';
import { progress } from '../attempt/progress.js';

/** Half of the 100 unsent transactions at which a participant pushes back. Source: admin-api 1.6. */
export const PROPOSALS_AT_ONCE = 50;
/** Less than half of what an Admin API takes in one message: 10 MiB. Source: networks H. */
const MESSAGE_BYTES = 4 * 1024 * 1024;
/** A node sends what it has within seconds. Source: networks J, item 2. */
const FULL_QUEUE_MS = 2_000;

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

/** Makes a change as soon as the participant has room for it: that its queue is full means to wait. */
export async function withRoom(change: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await change();
    } catch (error) {
      if (!isRefusal(error, 'too many topology transactions are pending')) throw error;
      progress({ waitingFor: 'topology transactions of the participant to be sent' });
      await sleep(FULL_QUEUE_MS);
    }
  }
}
