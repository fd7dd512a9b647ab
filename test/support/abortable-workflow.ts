import { condition, setHandler, defineUpdate } from '@temporalio/workflow';

import { ABORT_UPDATE } from '../../model/steering.js';

/** A migration that ends once it is aborted, with who did it. */
export async function migrateParticipant(): Promise<string> {
  let abortedBy: string | undefined;
  setHandler(defineUpdate<void, [{ by: string }]>(ABORT_UPDATE), ({ by }) => {
    abortedBy = by;
  });
  await condition(() => abortedBy !== undefined);
  return abortedBy!;
}
