import { setHandler } from '@temporalio/workflow';

import { provideSignature, provideSignatures } from './messages.js';
import { abort, approve, pause, repair, resume, retune } from './messages.js';
import { close, park } from './watch-messages.js';

/**
 * Takes the updates of operators off a run that decides nothing any more: one that has ended, or only waits for another.
 * Temporal's UI offers every update that a run has a handler for, also of one that has ended; what it answers stays.
 */
export function offerNothing(): void {
  setHandler(approve, undefined);
  setHandler(provideSignature, undefined);
  setHandler(provideSignatures, undefined);
  for (const update of [pause, resume, abort, repair, park]) setHandler(update, undefined);
  setHandler(retune, undefined);
  setHandler(close, undefined);
}
