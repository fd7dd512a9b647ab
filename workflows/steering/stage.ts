import { setCurrentDetails } from '@temporalio/workflow';

import { cardOf } from '../../model/card.js';
import { statusOf } from '../../model/migration-status.js';
import { keepTime, type Migration } from '../../model/migration.js';
import type { Stage } from '../../model/phase.js';
import { makeVisible } from './visibility.js';

/** Records the stage and state a migration is in, for the search attributes, its time per phase and the card of the UI. */
export function enter(migration: Migration, stage: Stage, state: Migration['state']): void {
  migration.stage = stage;
  migration.state = state;
  keepTime(migration, Date.now());
  publish(migration);
}

/** Brings the card of the UI and the search attributes up to date. */
export function publish(migration: Migration): void {
  setCurrentDetails(cardOf(statusOf(migration)));
  makeVisible(migration);
}
