import { log, metricMeter, sleep } from '@temporalio/activity';

import { isTimeout, isUnavailable } from '../../canton/refusals.js';
import type { WatchedAlias, SourceLook } from '../../model/source-watch.js';
import { isSameLook } from '../../model/source-watch.js';
import { listed } from '../../model/count.js';
import { StepFailure, transient } from '../../model/failure.js';
import type { NodeRef, RegisteredSynchronizer } from '../../model/participant.js';
import { ensureIsolated } from './connections.js';
import type { KnownFailure } from '../attempt/failures.js';
import { describeMissed } from './missed-upgrades.js';
import type { Participants } from './participants.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';

/** A source that takes longer counts as unreachable; an operator who closes the source watch waits for one look. */
const LOOK_LIMIT_MS = 8_000;
/** For what others are asked within a look. */
const WITNESS_LIMIT_MS = 3_000;
/** Between the first two looks; doubled until the interval of the request is reached. */
const FIRST_PAUSE_MS = 1_000;

export interface WatchInput {
  source: NodeRef;
  /** The ledger end that is no news. Decimal int64. */
  expectedLedgerEnd: string;
  /** After a live migration: the source may serve others, and hosts none of these parties, as the target sees it. */
  hosting?: { target: NodeRef; synchronizerId: string; parties: string[] };
}

export function sourceWatchActivities(participants: Participants) {
  return {
    /** Returns how the source stands now. Never fails: a source that cannot be read is an answer too. */
    async readParkedSource(input: WatchInput): Promise<SourceLook> {
      // Before the end of a source watch nothing else takes an alarm off; a watch that goes on puts it back at once.
      measure(input, false);
      return look(participants, input);
    },

    /**
     * Looks at the source again and again, and returns the first look that is not as `known`.
     *
     * One activity for as long as nothing happens, so that history does not grow. An alarm is logged and counted
     * here, where it is seen. Safe to repeat.
     */
    async watchSource(
      input: WatchInput & { everySeconds: number; known?: SourceLook },
    ): Promise<SourceLook> {
      const { known } = input;
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, input.everySeconds * 1000)) {
        const seen = measured(input, await look(participants, input));
        if (!known || !isSameLook(seen, known)) return told(input, seen);
        const lastLookedAt = new Date().toISOString();
        progress({ watch: seen.state, lastLookedAt });
        await sleep(pauseMs);
      }
    },

    /**
     * Ensures that the source is disconnected everywhere and stays so, whatever happened on it meanwhile, and
     * returns how it stands then. Fails with `StillConnected`.
     */
    async ensureParkedAgain(input: WatchInput): Promise<SourceLook> {
      progress({ parking: input.source.name });
      await ensureIsolated(participants.change(input.source));
      return measured(input, await look(participants, input));
    },
  };
}

async function look(participants: Participants, input: WatchInput): Promise<SourceLook> {
  try {
    const { hosting } = input;
    const reading = hosting
      ? readHosting(participants, input, hosting)
      : read(participants.read(input.source), input, participants.everyone());
    return await withinLimit(reading);
  } catch (error) {
    const { kind, message: reason } = error as Partial<KnownFailure> & Error;
    // A wrong certificate has the same code; the node is there.
    const isSilent = isUnavailable(error) || isTimeout(error) || error instanceof StepFailure;
    const isGone = isSilent && kind === 'transient' && !input.hosting;
    const state = isGone ? 'unreachable' : 'unreadable';
    return { state, aliases: [], reason };
  }
}

async function read(
  source: ParticipantReads,
  input: WatchInput,
  everyone: readonly ParticipantReads[],
): Promise<SourceLook> {
  const registered = await source.synchronizers.listRegistered();
  const aliases = registered.map(({ alias, isConnected, isManualConnect }) => ({
    alias,
    isConnected,
    isManualConnect,
  }));
  const ledgerEnd = await source.ledger.readLedgerEnd();
  const wrong = [
    ...aliases.flatMap(wrongWith),
    ...(ledgerEnd === input.expectedLedgerEnd
      ? []
      : [
          `its ledger end is ${ledgerEnd}, expected ${input.expectedLedgerEnd}: something happened on it`,
        ]),
  ];
  if (wrong.length > 0)
    return { state: 'alarm', aliases, ledgerEnd, reason: `${source.name}: ${wrong.join('; ')}` };
  const missed = await missedOf(source, registered, everyone);
  return { state: 'parked', aliases, ledgerEnd, ...(missed && { missedUpgrade: missed }) };
}

/** Others are asked for this, and one of them that does not answer must not hide what the source itself says. */
async function missedOf(
  source: ParticipantReads,
  registered: RegisteredSynchronizer[],
  everyone: readonly ParticipantReads[],
): Promise<string | undefined> {
  try {
    const missed = await withinLimit(
      describeMissed(source.name, registered, everyone),
      WITNESS_LIMIT_MS,
    );
    return missed.length > 0 ? missed.join('; ') : undefined;
  } catch (error) {
    log.warn('whether the source missed an upgrade of a synchronizer could not be read', { error });
    return undefined;
  }
}

/** As the target sees it. One that lags knows of an earlier time, so the source is asked too, as long as it answers. */
async function readHosting(
  participants: Participants,
  { source }: WatchInput,
  { target, synchronizerId, parties }: NonNullable<WatchInput['hosting']>,
): Promise<SourceLook> {
  const { name, topology, synchronizers } = participants.read(target);
  const registered = await synchronizers.listRegistered();
  // What it says of the topology is as old as its last connection.
  if (!registered.some((its) => its.logicalId === synchronizerId && its.isConnected)) {
    const reason = `${name} is not connected to ${synchronizerId}, so it cannot tell whether ${source.name} hosts again`;
    return { state: 'unreadable', aliases: [], reason };
  }
  const watched = new Set(parties);
  const hostedBy = async (its: ParticipantReads['topology']) => {
    const mappings = await its.listPartyMappings({ synchronizerId }, { participantUid: source.uid });
    return mappings.map(({ party }) => party).filter((party) => watched.has(party));
  };
  const [seen, own] = await Promise.all([
    hostedBy(topology),
    // It may be stopped for good by now: then it proposes nothing.
    hostedBy(participants.read(source).topology).catch(() => []),
  ]);
  const hosted = [...new Set([...seen, ...own])].sort();
  if (hosted.length === 0) return { state: 'removed', aliases: [] };
  return { state: 'alarm', aliases: [], reason: `${source.name} hosts ${listed(hosted)} again` };
}

function wrongWith({ alias, isConnected, isManualConnect }: WatchedAlias): string[] {
  if (isConnected) return [`connected to ${alias}${isManualConnect ? '' : ' and connects by itself'}`];
  return isManualConnect ? [] : [`connects to ${alias} by itself at a restart`];
}

async function withinLimit<T>(work: Promise<T>, limitMs = LOOK_LIMIT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    const late = transient('Unavailable', `no answer within ${limitMs / 1000} s`);
    timer = setTimeout(() => reject(late), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps the gauge at what was seen last. */
function measured(input: WatchInput, seen: SourceLook): SourceLook {
  measure(input, seen.state === 'alarm');
  return seen;
}

function measure({ source }: WatchInput, isAlarm: boolean): void {
  metricMeter
    .createGauge('canton_migrate_watch_alarm', 'int', '', '1 while a parked source is not parked')
    .set(isAlarm ? 1 : 0, { source: source.name });
}

function told({ source }: WatchInput, seen: SourceLook): SourceLook {
  const facts = { source: source.name, state: seen.state, reason: seen.reason };
  if (seen.state === 'alarm') {
    log.error('source watch alarm: the source of a finished migration is not parked any more', facts);
    metricMeter
      .createCounter('canton_migrate_watch_alarms', '', 'times a parked source was found not parked')
      .add(1, { source: source.name });
  } else if (seen.state === 'unreadable') {
    log.warn('the source of a finished migration cannot be read', facts);
  } else {
    log.info('the source of a finished migration stands as it should', facts);
  }
  return seen;
}
