import { counted, listed } from '../../model/count.js';
import { mismatch, refused, StepFailure } from '../../model/failure.js';
import type { Wanted } from '../../model/hosting.js';
import type { NodeRef, PartyMapping } from '../../model/participant.js';
import { allowing } from '../../canton/refusals.js';
import { currentFencing } from '../attempt/fencing.js';
import { assertEffective } from './granted.js';
import { keepConnected, notFullyHosted, type HostInput } from './hosting.js';
import { listHosted } from './hosted.js';
import { namespaceOf } from '../../model/plan.js';
import { PROPOSALS_AT_ONCE, withRoom } from './messages.js';
import type { LedgerReads } from '../../model/participant-reads.js';
import type { Participants } from '../nodes/participants.js';
import { trafficHold } from '../nodes/traffic.js';
import { progress } from '../attempt/progress.js';
import { checkBeforeRemoval, type RemovalChecks } from './removal-checks.js';
import {
  assertSameSince,
  commonOffsets,
  lastRecordTime,
  type CommonOffsets,
} from '../contracts/serving-comparison.js';
import { forEachOf, until } from '../attempt/waiting.js';
import { readProven } from './window.js';

const EFFECTIVE_LIMIT_MS = 120_000;

export function removalActivities(participants: Participants) {
  return {
    /**
     * Ensures that the source hosts none of the parties: the point of no return. Other hosts, thresholds and keys stay.
     * Signed by the target for the namespaces that it signs for, else by the source, which has to be forced: its own key is
     * enough to take itself off whatever party. Source: networks C; networks D.
     *
     * Right before, both nodes are read once more: with `compared`, what they had then is still what they have, but for
     * what both did to it since. Safe to repeat. Fails with `EqualityStale` before anything is proposed by this or an earlier
     * attempt, afterwards with `TargetChanged`; with `SourceNotRemoved`. Source: live-route 2, step 13.
     */
    async removeSourceHosting(input: Removal): Promise<{ removed: number }> {
      const target = participants.change(input.target);
      const fencing = currentFencing();
      const hosted = () => listHosted(target, input, input.source.uid);
      const waiting = await hosted();
      // What was proposed may be on its way, and no list shows it yet.
      const isBegun = isRemovalBegun(input, waiting.length);
      progress({ removing: input.source.name, ...(isBegun && { isRemoving: true }) });
      await assertRemovable(participants, { ...input, isBegun }, waiting);
      // A repeat has to know of the removal before the nodes do.
      progress({ removing: input.source.name, isRemoving: true });
      fencing.expire();
      await fencing.prove();
      await proposeRemoval(participants, input, waiting);
      let left = waiting;
      await until(async () => ((left = await hosted()).length === 0 ? true : undefined), {
        what: `${input.source.name} to be removed as host of ${counted(waiting.length, 'party', 'parties')}`,
        limitMs: EFFECTIVE_LIMIT_MS,
        type: 'SourceNotRemoved',
        heldUpBy: heldUp(participants, input),
        stillMissing: () => `${input.source.name} still hosts ${listed(left.map((its) => its.party))}`,
      });
      return { removed: waiting.length };
    },

    /**
     * Returns the offsets of both nodes at the time of the last event of the parties on either of them, repairs of one
     * node included: what they hold there has to be equal, while both serve. Waits until both have got that far. Fails
     * with `NotCaughtUp`.
     */
    async readCommonOffsets(
      input: HostInput & { sinceOffset: string; targetSinceOffset: string },
    ): Promise<CommonOffsets> {
      const since = { sourceOffset: input.sinceOffset, targetOffset: input.targetSinceOffset };
      if (input.proof)
        await readProven(participants.read(input.target), { ...input, proof: input.proof });
      const { onSource, last } = await lastRecordTime(participants, input, since);
      if (onSource === undefined || last === undefined)
        throw refused(
          'NotCaughtUp',
          `${input.source.name} shows no event since offset ${input.sinceOffset}`,
        );
      return commonOffsets(participants, input, last);
    },

    /** The same at the time of the first removal: until then both nodes were hosts. Fails with `RemovalNotSeen`. */
    async readRemoval(input: HostInput & { sinceOffset: string }): Promise<CommonOffsets> {
      const { ledger } = participants.read(input.source);
      const { parties, sinceOffset: beginExclusive } = input;
      const recordTime = await until(
        async () => {
          const endInclusive = await ledger.readLedgerEnd();
          if (endInclusive === beginExclusive) return undefined;
          return findRemoval(ledger, input.source, { parties, beginExclusive, endInclusive });
        },
        {
          what: 'the event of the removal',
          limitMs: EFFECTIVE_LIMIT_MS,
          type: 'RemovalNotSeen',
          stillMissing: () => `${input.source.name} shows no event of its removal`,
        },
      );
      return commonOffsets(participants, input, recordTime);
    },
  };
}

function isRemovalBegun({ isBegun, parties }: Removal, waiting: number): boolean {
  return isBegun || currentFencing().recorded.isRemoving === true || waiting < parties.length;
}

async function proposeRemoval(
  participants: Participants,
  { synchronizerId, source, target, targetSigns }: Removal,
  hosted: PartyMapping[],
): Promise<void> {
  const store = { synchronizerId };
  const signers = { source: participants.change(source), target: participants.change(target) };
  const ofTarget = new Set(targetSigns);
  let proposed = 0;
  await forEachOf(hosted, PROPOSALS_AT_ONCE, async ({ hosts, ...mapping }) => {
    const isForced = !ofTarget.has(namespaceOf(mapping.party));
    const signer = isForced ? signers.source : signers.target;
    const others = hosts.filter(({ participantUid }) => participantUid !== source.uid);
    const next = { ...mapping, hosts: others, serial: mapping.serial + 1 };
    const propose = () =>
      allowing(['exists already'], signer.topology.proposePartyMapping(store, next, { isForced }));
    await withRoom(signer, store, propose);
    progress({ removing: source.name, proposed: ++proposed, of: hosted.length });
  });
}

/** Either node may wait for traffic. */
function heldUp(participants: Participants, input: Removal): () => Promise<string | undefined> {
  const holds = [input.target, input.source].map((node) => trafficHold(participants.read(node), input));
  return async () => (await holds[0]!()) ?? holds[1]!();
}

/** The record time of the first removal of the source in the range. */
async function findRemoval(
  ledger: LedgerReads,
  source: NodeRef,
  range: { parties: string[]; beginExclusive: string; endInclusive: string },
): Promise<string | undefined> {
  for await (const { kind, participantUid, recordTime } of ledger.scanPartyAuthorizations(range))
    if (kind === 'revoked' && participantUid === source.uid) return recordTime;
  return undefined;
}

type Removal = HostInput & {
  /** Namespaces that the target signs for. */
  targetSigns: string[];
  /** Whether an earlier activity may have proposed the removal. */
  isBegun: boolean;
  compared?: CommonOffsets;
  checks?: RemovalChecks;
};

/**
 * Ends with the look at both nodes. Before anything is proposed whatever is wrong makes the proof stale; afterwards nothing
 * leads back, and it has another name.
 */
async function assertRemovable(
  participants: Participants,
  input: Removal,
  waiting: PartyMapping[],
): Promise<void> {
  const target = participants.change(input.target);
  try {
    const { proof, compared, checks } = input;
    if (proof) await readProven(target, { ...input, proof });
    await keepConnected(participants, input);
    const left = await notFullyHosted(target, input);
    if (left.length > 0)
      throw mismatch('TargetNotOnboarded', `${target.name} is not a full host of ${listed(left)}`);
    if (waiting.length === 0) return;
    await assertEffective(target, { ...input, parties: waiting.map((its) => asOn(input.source, its)) });
    const nodes = { source: participants.read(input.source), target };
    const parties = waiting.map(({ party }) => party);
    if (checks) await checkBeforeRemoval(nodes, { ...input, ...checks, parties });
    if (compared) await assertSameSince(participants, { ...input, parties }, compared);
  } catch (error) {
    if (!(error instanceof StepFailure) || error.kind === 'transient') throw error;
    if (!input.isBegun) throw mismatch('EqualityStale', error.message);
    const message = `the source may be removed from some parties already, and ${error.message}`;
    throw mismatch('TargetChanged', message);
  }
}

/** What a node may do for a party by its mapping. */
function asOn({ uid }: NodeRef, { party, hosts }: PartyMapping): Wanted {
  const own = hosts.find(({ participantUid }) => participantUid === uid);
  return { party, permission: own?.permission ?? 'observation' };
}
