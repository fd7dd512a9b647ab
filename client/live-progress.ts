import type { WatchStatus } from '../model/source-watch.js';
import type { MigrationStatus } from '../model/steering.js';
import type { MigrationSnapshot, PendingStep } from './snapshot.js';

/** The activities that go through every contract. */
const COPY = 'copyActiveContracts';
const COMPARE = 'compareActiveContracts';
/** The activity that looks at a parked source. */
export const WATCH = 'watchSource';

/** What is read of their heartbeats; all of it may be missing. */
interface Heartbeat {
  imported?: number;
  compared?: number;
  of?: number;
  perSecond?: number;
  etaSeconds?: number;
  held?: string;
}

/** Contracts that are being compared just now. */
export interface LiveProgress {
  what: 'importing' | 'comparing';
  done: number;
  total: number;
  /** 0 while there is no rate yet. */
  perSecond: number;
  /** Absent while there is no rate yet. */
  etaSeconds?: number;
  /** Whether a pause holds it. */
  isHeld: boolean;
}

/** Returns what a heartbeat says to a reader; undefined if it is empty, or encrypted by a codec this client lacks. */
export function readHeartbeat(data: Uint8Array | null | undefined): unknown {
  if (!data) return undefined;
  try {
    const progress = JSON.parse(Buffer.from(data).toString('utf8')) as object;
    // For the next attempt, not for a reader.
    delete (progress as { checkpoint?: unknown }).checkpoint;
    return progress;
  } catch {
    return undefined;
  }
}

/** The migration is told of every fiftieth part only; the step that copies says where it is at each moment. */
export function withLiveProgress(status: MigrationStatus, pending: PendingStep[]): MigrationStatus {
  if (status.watch) return { ...status, watch: { ...status.watch, ...lastLook(status.watch, pending) } };
  const live = pending.map(countedBy).find((its) => its?.what === 'importing');
  if (!live || live.done < (status.contracts?.done ?? 0)) return status;
  const { done, total, perSecond, etaSeconds = 0 } = live;
  return { ...status, contracts: { done, total, perSecond, etaSeconds } };
}

/** How far the copy or the comparison is that is under way: by its heartbeat, or else by the migration itself. */
export function liveProgress({ status, pending }: MigrationSnapshot): LiveProgress | undefined {
  if (status && status.state !== 'running' && status.state !== 'paused') return undefined;
  const live = pending.map(countedBy).find((its) => its !== undefined);
  // Nobody is at work: what was reached holds, how fast it went does not.
  if (!status) return live && atRest(live);
  if (live?.what === 'comparing') return live;
  const { contracts, state } = status;
  if (live && live.done >= (contracts?.done ?? 0)) return live;
  const isMoving = state === 'running' && contracts && contracts.done < contracts.total;
  return isMoving ? { what: 'importing', ...contracts, isHeld: false } : undefined;
}

/** The migration is told of changes only; the step that looks says when it did last. */
function lastLook({ state, lastLookedAt }: WatchStatus, pending: PendingStep[]) {
  const watch = pending.find(({ step }) => step === WATCH);
  const seen = (watch?.progress ?? {}) as { watch?: string; lastLookedAt?: string };
  const isNewer = seen.watch === state && (seen.lastLookedAt ?? '') > lastLookedAt;
  return isNewer ? { lastLookedAt: seen.lastLookedAt! } : {};
}

function countedBy({ step, progress, nextAttemptAt }: PendingStep): LiveProgress | undefined {
  if (step !== COPY && step !== COMPARE) return undefined;
  const { imported, compared, of, perSecond = 0, etaSeconds, held } = (progress ?? {}) as Heartbeat;
  const done = step === COPY ? imported : compared;
  if (typeof done !== 'number' || typeof of !== 'number') return undefined;
  if (![perSecond, etaSeconds ?? 0].every(Number.isFinite)) return undefined;
  const what = step === COPY ? 'importing' : 'comparing';
  const isHeld = held !== undefined;
  const live: LiveProgress = {
    what,
    done,
    total: of,
    perSecond,
    isHeld,
    ...(etaSeconds !== undefined && { etaSeconds }),
  };
  return nextAttemptAt === undefined ? live : atRest(live);
}

function atRest({ what, done, total, isHeld }: LiveProgress): LiveProgress {
  return { what, done, total, perSecond: 0, isHeld };
}
