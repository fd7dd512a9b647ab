import { ApplicationFailure, condition, isCancellation, setHandler, sleep } from '@temporalio/workflow';

import type { Activities } from '../activities/index.js';
import type { WatchInput } from '../activities/nodes/source-watch.js';
import { isHolding, isSameLook, type SourceLook } from '../model/source-watch.js';
import type { WatchRecord, Migration } from '../model/migration.js';
import { statusOf } from '../model/migration-status.js';
import { WATCH } from '../model/phase.js';
import type { ByReference } from '../model/listed.js';
import { isLive, movedParties } from '../model/plan.js';
import { DEFAULT_WATCH_SECONDS } from '../model/request.js';
import type { CloseInput } from '../model/steering.js';
import { continueAsNewIfLong, isDue } from './carried.js';
import { refuseReset } from './reset.js';
import {
  close,
  park,
  refuseClose,
  refusePark,
  report,
  whyNotClosed,
} from './steering/watch-messages.js';
import { reportedFailure } from './steering/outcome.js';
import { hostOf } from './phases/live/live-input.js';
import { enter, publish } from './steering/stage.js';
import { steer } from './steering/steer.js';
import { unless } from './steering/unless.js';
import { reportSoFar } from '../model/migration-report.js';
import { recordedSignatures } from './steering/ceremony.js';
import { nodesOf } from '../model/plan-parts.js';

const PAUSE_AFTER_FAILURE = '1m';
/** Who is named for what nobody asked the migration for. */
export const CANCELLED_BY = 'a cancellation in Temporal';

/** Answers operators about the source watch; before it runs the updates are rejected. */
export function attendWatch(migration: Migration): void {
  setHandler(report, () => migration.report ?? reportSoFar(migration, recordedSignatures(migration)), {
    description: 'the report, also so far, once there is a plan',
  });
  steer(migration, park, {
    description: 'park the source again, once the migration is watching: {by}',
    refuse: (input) => refusePark(migration, input),
    act: ({ by }) => void (migration.watch!.parkBy = by),
  });
  setHandler(
    close,
    async ({ by, force }: CloseInput) => {
      const record = migration.watch!;
      record.closing = { by, isForced: force === true };
      await condition(() => record.closing === undefined);
      if (migration.report?.closedBy !== undefined) return statusOf(migration);
      throw ApplicationFailure.nonRetryable(whyNotClosed(migration, record), 'SourceNotParked');
    },
    {
      validator: (input) => {
        refuseReset(migration);
        refuseClose(migration, input);
      },
      description: 'end the watch and the migration, with the source stopped or parked: {by, force}',
    },
  );
}

/**
 * Monitors the source until an operator closes the migration; a cancellation in Temporal closes it too.
 *
 * Never fails: whatever goes wrong with a look is told, and the next look follows. Continues as new, as
 * another run of the workflow before its history gets too long.
 */
export async function standWatch(migration: Migration, act: Activities): Promise<void> {
  const record = (migration.watch ??= {
    expectedLedgerEnd: migration.transfer.pinnedOffset ?? '0',
  });
  migration.isPaused = false;
  enter(migration, WATCH, 'watching');
  for (;;) {
    if (migration.isCancelRequested) record.closing ??= { by: CANCELLED_BY, isForced: true };
    if (record.closing) {
      if (await isClosed(migration, record, act)) return;
    } else if (record.parkBy !== undefined) await parkAgain(migration, record, act);
    else await watch(migration, record, act);
    await continueAsNewIfLong(migration, () => isAsked(migration, record));
  }
}

/** Waits for a change at the source, or for an operator. */
async function watch(migration: Migration, record: WatchRecord, act: Activities): Promise<void> {
  const seen = await unless(
    // Others can make a history long as well.
    () => isAsked(migration, record) || record.parkBy !== undefined || isDue(migration),
    async () => {
      const { status: known } = record;
      return tried(migration, () =>
        act.watchSource({
          ...inputOf(migration, record),
          everySeconds: requestOf(migration).options?.watchSeconds ?? DEFAULT_WATCH_SECONDS,
          ...(known && { known: lookOf(known) }),
        }),
      );
    },
  );
  if (seen) note(migration, record, seen);
}

/** Parks the source again, or takes it off the parties that it hosts again. */
async function ensureOutOfService(
  { hashed, live }: Migration,
  input: ByReference<WatchInput>,
  act: Activities,
): Promise<SourceLook> {
  const { plan } = hashed!;
  if (!isLive(plan) || !live) return act.ensureParkedAgain(input);
  await act.removeSourceHosting({
    ...hostOf(plan, live),
    isBegun: true,
    targetSigns: plan.live.targetSigns,
  });
  return act.readParkedSource(input);
}

async function parkAgain(migration: Migration, record: WatchRecord, act: Activities): Promise<void> {
  const seen = await unless(
    () => isAsked(migration, record),
    () => tried(migration, () => ensureOutOfService(migration, inputOf(migration, record), act)),
  );
  delete record.parkBy;
  if (!seen) return;
  note(migration, record, seen);
  if (seen.ledgerEnd === undefined || seen.ledgerEnd === record.expectedLedgerEnd) return;
  // Told for good by `moved`; from here on only what happens next is news.
  record.expectedLedgerEnd = seen.ledgerEnd;
  const after = await tried(migration, () => act.readParkedSource(inputOf(migration, record)));
  if (after) note(migration, record, after);
}

/** Looks once more: what was known may be as old as the interval. */
async function isClosed(migration: Migration, record: WatchRecord, act: Activities): Promise<boolean> {
  const { by, isForced } = record.closing!;
  const seen = await tried(migration, () => act.readParkedSource(inputOf(migration, record)));
  if (seen) note(migration, record, seen);
  const isFine = seen !== undefined && isHolding(seen);
  if (isFine || isForced) {
    migration.report = {
      ...migration.report!,
      timeline: migration.timeline,
      closedBy: by,
      closedAt: new Date().toISOString(),
      ...(record.status && { watch: record.status }),
    };
  }
  delete record.closing;
  return isFine || isForced;
}

function note(migration: Migration, record: WatchRecord, seen: SourceLook): void {
  const { status: before } = record;
  const now = new Date().toISOString();
  const pinned = migration.transfer.pinnedOffset;
  const isNew = !before || !isSameLook(seen, before);
  const isMoved = pinned !== undefined && seen.ledgerEnd !== undefined && seen.ledgerEnd !== pinned;
  const moved = isMoved ? { from: pinned, to: seen.ledgerEnd! } : before?.moved;
  record.status = {
    ...seen,
    since: before?.state === seen.state ? before.since : now,
    lastLookedAt: now,
    alarmCount: (before?.alarmCount ?? 0) + (isNew && seen.state === 'alarm' ? 1 : 0),
    ...(moved && { moved }),
  };
  publish(migration);
}

/** What a step of the source watch returns; a failure of it is told, and nothing is returned. */
async function tried<T>(migration: Migration, work: () => Promise<T>): Promise<T | undefined> {
  try {
    const result = await work();
    delete migration.lastFailure;
    return result;
  } catch (error) {
    const failure = isCancellation(error) ? undefined : reportedFailure(WATCH, error);
    if (!failure) throw error;
    const { name } = migration.hashed!.plan.source;
    const cure = `find out who connects ${name} and stop that, then canton-migrate park`;
    migration.lastFailure = failure.type === 'StillConnected' ? { ...failure, cure } : failure;
    publish(migration);
    await sleep(PAUSE_AFTER_FAILURE);
    return undefined;
  }
}

function isAsked({ isCancelRequested }: Migration, { closing }: WatchRecord): boolean {
  return isCancelRequested || closing !== undefined;
}

function requestOf({ hashed }: Migration) {
  return hashed!.plan.request;
}

function inputOf({ hashed }: Migration, { expectedLedgerEnd }: WatchRecord): ByReference<WatchInput> {
  const { plan } = hashed!;
  const { source, target } = nodesOf(plan);
  if (!isLive(plan)) return { source, expectedLedgerEnd };
  const hosting = {
    target,
    synchronizerId: plan.source.synchronizer.logicalId,
    parties: movedParties(plan),
  };
  return { source, expectedLedgerEnd, hosting };
}

function lookOf({ state, aliases, ledgerEnd, reason, missedUpgrade }: SourceLook): SourceLook {
  return {
    state,
    aliases,
    ...(ledgerEnd !== undefined && { ledgerEnd }),
    ...(reason !== undefined && { reason }),
    ...(missedUpgrade !== undefined && { missedUpgrade }),
  };
}
