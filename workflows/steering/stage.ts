import { ApplicationFailure, setCurrentDetails } from '@temporalio/workflow';

import { cardOf } from '../../model/card.js';
import { cureOf } from '../../model/cures.js';
import { isOver } from '../../model/ended.js';
import { statusOf } from '../../model/migration-status.js';
import { keepTime, type Migration } from '../../model/migration.js';
import type { Stage } from '../../model/phase.js';
import { noteState } from '../../model/timeline.js';
import { makeVisible } from './visibility.js';

/** Records the stage and state a migration is in, for the search attributes, its time per phase and the card of the UI. */
export function enter(migration: Migration, stage: Stage, state: Migration['state']): void {
  migration.stage = stage;
  migration.state = state;
  keepTime(migration, Date.now());
  noteState(migration.timeline, migration, Date.now());
  publish(migration);
}

/** Records that a run ends with a failure, so that nobody is told to steer it any more. */
export function fail(migration: Migration, error: unknown): void {
  if (!(error instanceof ApplicationFailure) || isOver(migration)) return;
  const type = error.type ?? 'Unexpected';
  const toCompare = 'compare the named contracts on both nodes before you use the target';
  const general = migration.isPastPointOfNoReturn ? toCompare : cureOf(type);
  const { cure = general } = (error.details?.[0] ?? {}) as { cure?: string };
  const { stage } = migration;
  migration.lastFailure = { stage, kind: 'refused', type, message: error.message, cure };
  delete migration.gate;
  delete migration.retryAt;
  migration.state = 'failed';
  publish(migration);
}

/** Brings the card of the UI and the search attributes up to date. */
export function publish(migration: Migration): void {
  setCurrentDetails(cardOf(statusOf(migration)));
  makeVisible(migration);
}
