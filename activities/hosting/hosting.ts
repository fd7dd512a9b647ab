import { counted, listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import { currentFencing } from '../attempt/fencing.js';
import { assertGranted } from './granted.js';
import { listHosted } from './hosted.js';
import { FlagClearing, isFullHost } from './flag-clearing.js';
import { assertNotStranded, isFailedConnect } from '../nodes/missed-upgrades.js';
import type { Participants } from '../nodes/participants.js';
import { pingHold, trafficHold } from '../nodes/traffic.js';
import type { OnboardingInput } from './onboarding.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { until } from '../attempt/waiting.js';
import { readProven, type TargetProof } from './window.js';

const CONNECT_LIMIT_MS = 10 * 60_000;
/** Of one ping; while the target catches up it is repeated. */
const PING_TIMEOUT_MS = 30_000;
/** A target that was away for hours has as much to catch up with. */
const CATCH_UP_LIMIT_MS = 12 * 60 * 60_000;
/** The flags clear a minute after the activation, and while a node catches up later. Source: live-route 5. */
const FLAGS_LIMIT_MS = 60 * 60_000;
/** And longer, the more there are: each takes a topology transaction. */
const FLAG_LIMIT_MS = 2_000;

/** The target that becomes a host, and what is proven of it. */
export interface HostInput extends OnboardingInput {
  /** Of the synchronizer, on the target. */
  alias: string;
  parties: string[];
  /** Absent while it is no host. */
  proof?: TargetProof;
}

export function hostingActivities(participants: Participants) {
  return {
    /**
     * Ensures that the target is connected to the synchronizer: one that has every contract, or is no host.
     *
     * Fails as {@link keepConnected} does, also where the target is connected already. Source: live-route 2, step 10.
     */
    async ensureConnected(input: HostInput): Promise<void> {
      const target = participants.change(input.target);
      progress({ connecting: input.target.name });
      if (input.proof) await readProven(target, { ...input, proof: input.proof });
      await keepConnected(participants, input);
    },

    /**
     * Returns how long the target takes to answer itself, once it has caught up, and its time then. Fails with `NotCaughtUp`.
     */
    async awaitCaughtUp(input: HostInput): Promise<{ pingTimeMs: number; caughtUpAt: string }> {
      const target = participants.change(input.target);
      let failure = '';
      const pingTimeMs = await until(
        async () => {
          await keepConnected(participants, input);
          const answer = await pingItself(target, input);
          if ('pingTimeMs' in answer) return answer.pingTimeMs;
          failure = answer.failure;
          return undefined;
        },
        {
          what: `${input.target.name} to catch up`,
          everyMs: 1_000,
          limitMs: CATCH_UP_LIMIT_MS,
          type: 'NotCaughtUp',
          heldUpBy: pingHold(target, input, () => failure !== ''),
          stillMissing: () => `${input.target.name} cannot ping itself: ${failure}`,
        },
      );
      return { pingTimeMs, caughtUpAt: await target.health.readTime() };
    },

    /**
     * Ensures that the target is a full host of the parties, as both nodes see it.
     *
     * Asks once for each party, and watches the topology; again only after minutes, or a restart of the target, which
     * forgets what it was asked. `beginExclusive` is the ledger end of the target of this very attempt: with an earlier one the target would take the activation of an
     * earlier attempt, and skip the time it has to wait. Fails with `FlagsNotCleared`. Source: live-route 5.
     */
    async clearOnboardingFlags(
      input: HostInput & { beginExclusive: string },
    ): Promise<{ cleared: number }> {
      return { cleared: await clearFlags(participants, input) };
    },
  };
}

/**
 * Ensures that the target is connected: with manual connect everywhere, a restart leaves it disconnected. The one way by
 * which a target is connected on the live route.
 *
 * Returns whether it had to connect it. A target that is a host is connected only as it was proven; fails with
 * `EqualityStale`, `TargetRestored` or `TargetExposed`, and nothing is connected, if it is not. Fails with
 * `TargetNotGranted` if the synchronizer does not let it serve, with `NotConnected`, and with `NotUpgraded` if
 * an upgrade of the synchronizer left it behind.
 */
export async function keepConnected(participants: Participants, input: HostInput): Promise<boolean> {
  const target = participants.change(input.target);
  const { alias, proof } = input;
  if (await isConnected(target, alias)) return false;
  // Connected where it may not log in, its process would end. The source knows what is granted.
  await assertGranted([participants.read(input.source)], { ...input, needs: 'submission' });
  // The last look: with a fencing proof from before it, the connect follows at once.
  await currentFencing().prove();
  if (proof) await readProven(target, { ...input, proof });
  else await assertNoHost(participants.read(input.source), input);
  try {
    await connect(target, alias);
  } catch (error) {
    if (!isFailedConnect(error)) throw error;
    const { synchronizerId } = input;
    await assertNotStranded(target, participants.everyone(), { synchronizerId, isHost: !!proof });
    throw error;
  }
  return true;
}

async function connect(target: Participant, alias: string): Promise<void> {
  await target.synchronizers.reconnect(alias);
  await until(async () => ((await isConnected(target, alias)) ? true : undefined), {
    what: `${target.name} to be connected to ${alias}`,
    limitMs: CONNECT_LIMIT_MS,
    type: 'NotConnected',
    stillMissing: () => `${target.name} is not connected to ${alias}`,
  });
}

async function clearFlags(
  participants: Participants,
  input: HostInput & { beginExclusive: string },
): Promise<number> {
  const source = participants.read(input.source);
  const target = participants.change(input.target);
  let clearing = new FlagClearing(target, input, await notFullyHosted(target, input));
  const cleared = clearing.leftCount;
  const waitingFor = (count: number) =>
    `the onboarding flags of ${counted(count, 'party', 'parties')} to clear`;
  await until(
    async () => {
      if (await keepConnected(participants, input)) clearing.restart();
      await clearing.advance();
      const { notBefore } = clearing;
      progress({
        waitingFor: waitingFor(clearing.leftCount),
        ...(notBefore !== undefined && { notBefore }),
      });
      if (clearing.leftCount > 0) return undefined;
      const flagged = await notFullyHosted(target, input);
      if (flagged.length > 0) clearing = new FlagClearing(target, input, flagged);
      else if ((await notFullyHosted(source, input)).length === 0) return true;
      return undefined;
    },
    {
      what: waitingFor(cleared),
      everyMs: () => clearing.pauseMs,
      limitMs: FLAGS_LIMIT_MS + cleared * FLAG_LIMIT_MS,
      type: 'FlagsNotCleared',
      heldUpBy: trafficHold(target, input),
      stillMissing: () =>
        `of ${listed(clearing.leftCount > 0 ? clearing.left : input.parties)}, some are still flagged as onboarding`,
    },
  );
  return cleared;
}

/** The source is connected throughout: it knows who hosts the parties. */
async function assertNoHost(source: ParticipantReads, input: HostInput): Promise<void> {
  const { target } = input;
  const hosted = (await listHosted(source, input, target.uid)).map(({ party }) => party);
  if (hosted.length === 0) return;
  throw mismatch(
    'EqualityStale',
    `${target.name} is a host of ${listed(hosted)}, and nothing proves that it has their contracts: it is not connected`,
  );
}

/** The parties that a node does not list the target as a full host of. */
export async function notFullyHosted(
  { topology }: ParticipantReads,
  { synchronizerId, target: { uid }, parties }: HostInput,
): Promise<string[]> {
  const mappings = await topology.listPartyMappings({ synchronizerId }, { participantUid: uid });
  const full = new Set(mappings.filter((its) => isFullHost(its, uid)).map(({ party }) => party));
  return parties.filter((party) => !full.has(party));
}

/** Lets the target answer itself over the synchronizer, which takes as long as it lags. */
export async function pingItself(
  { health }: Participant,
  { target, synchronizerId }: Pick<HostInput, 'target' | 'synchronizerId'>,
) {
  return health.ping({ participantUid: target.uid, synchronizerId, timeoutMs: PING_TIMEOUT_MS });
}

async function isConnected({ synchronizers }: ParticipantReads, alias: string): Promise<boolean> {
  return (await synchronizers.listRegistered()).some((its) => its.alias === alias && its.isConnected);
}
