import { isCancellation } from '@temporalio/workflow';

import { isApproved, type Migration } from '../../model/migration.js';
import { GATES, type Gate, type Stage } from '../../model/phase.js';
import { waitOrContinueAsNew } from '../carried.js';
import { reportedFailure } from './outcome.js';
import { enter, publish } from './stage.js';
import { unless } from './unless.js';

/**
 * Between two readings at an open gate; doubled each time up to the longest, which grows with the time that
 * it is open.
 */
const FIRST_LOOK_MS = 10_000;
const LONGEST_LOOK_MS = 15 * 60_000;
const LOOKS_OF_A_DAY = 100;
const LATER_LOOK_MS = 4 * 60 * 60_000;

/**
 * Waits until an operator approves what comes next, with the hash of the plan. `look` keeps current meanwhile
 * what the operator has to know; its failures are told, and a decision does not wait for it. A gate that was
 * open in the run before this one stays as it was.
 */
export async function gate(migration: Migration, name: Gate, look: () => Promise<void>): Promise<void> {
  const { before } = GATES[name];
  if (migration.gate !== name) {
    migration.gate = name;
    migration.gateSince = new Date().toISOString();
    migration.looks = 0;
    delete migration.differences;
  }
  enter(migration, before, 'waiting-for-approval');
  const isDecided = () => isApproved(migration, name);
  for (let looks = migration.looks ?? 0; ; looks += 1) {
    await unless(isDecided, () => told(migration, before, look));
    migration.looks = looks + 1;
    if (await waitOrContinueAsNew(migration, isDecided, pauseAfter(looks))) break;
  }
  delete migration.gate;
  delete migration.gateSince;
  delete migration.looks;
}

function pauseAfter(looks: number): number {
  if (looks > LOOKS_OF_A_DAY) return LATER_LOOK_MS;
  return Math.min(FIRST_LOOK_MS * 2 ** looks, LONGEST_LOOK_MS);
}

async function told(migration: Migration, stage: Stage, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    delete migration.lastFailure;
  } catch (error) {
    const failure = isCancellation(error) ? undefined : reportedFailure(stage, error);
    if (!failure) throw error;
    migration.lastFailure = failure;
  }
  publish(migration);
}
