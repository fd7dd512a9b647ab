import { mismatch } from '../../model/failure.js';
import type { NodeRef } from '../../model/participant.js';
import type { PlannedNode } from '../../model/plan.js';
import type { EqualityProof } from '../../model/report.js';
import { awaitEndOfRepair, ensureConnections, ensureIsolated, readIsolated } from './connections.js';
import { digestOnTarget } from '../contracts/published.js';
import { currentFencing } from '../attempt/fencing.js';
import { findContractChange } from '../contracts/contract-changes.js';
import { mayPing, type Pinging } from '../hosting/granted.js';
import { assertUnchangedParties, type UnchangedPartiesInput } from './freezing.js';
import type { Participants } from './participants.js';
import { pingPaid } from './traffic.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';

export interface ProvenConnect {
  source: NodeRef;
  target: NodeRef;
  synchronizerId: string;
  /** Of the target synchronizer, on the target. */
  alias: string;
  connections: PlannedNode['connections'];
  /** Those that moved. */
  parties: string[];
  proof: EqualityProof;
  /** Whether an earlier activity may have sent the connect. */
  isBegun: boolean;
}

/** A self-ping takes 3 to 5 s after a reconnect. Source: admin-api 1.14. */
const PING_TIMEOUT_MS = 30_000;

export function cutOverActivities(participants: Participants) {
  return {
    /**
     * Ensures that the source is disconnected everywhere and stays so, and that nothing happened on it since the
     * offset that was exported.
     *
     * Fails with `SourceMoved` if its ledger end is another one: the target's copy is stale then. Fails with
     * `PartiesChanged` unless it is the only host of the parties that move, as far as it knows.
     */
    async ensureSourceParked(input: UnchangedPartiesInput & { pinnedOffset: string }): Promise<void> {
      const source = participants.change(input.source);
      await ensureIsolated(source);
      await assertUnmoved(source, input);
      await assertUnchangedParties(source, input);
    },

    /** Returns the ledger end of the target. Fails with `StillConnected` unless it is disconnected for good. */
    async readFrozenTarget({ target }: { target: NodeRef }): Promise<{ ledgerEnd: string }> {
      await readIsolated(participants.read(target));
      return { ledgerEnd: await participants.read(target).ledger.readLedgerEnd() };
    },

    /**
     * Connects the target if both nodes still are what `proof` compared, once no import runs inside it. Returns false,
     * and has connected nothing, if one of them is not: the point of no return is the connect.
     *
     * Safe to repeat: a target that is connected stays so. If an earlier attempt, or with `isBegun` an earlier activity,
     * may have connected it, and it is disconnected with other contracts, nobody knows whether clients changed them:
     * fails with `TargetChanged`. Fails with `NotConnected`.
     */
    async connectProvenTarget(input: ProvenConnect): Promise<{ isConnected: boolean }> {
      const source = participants.read(input.source);
      const target = participants.change(input.target);
      const isBegun = input.isBegun || currentFencing().recorded.isConnecting === true;
      if (!isBegun || !(await isConnectedTo(target, input.alias))) {
        const isConnected = await connectAsCompared(source, target, { ...input, isBegun });
        if (!isConnected) return { isConnected };
      }
      // From here on it may have been connected: what is wrong leads nowhere back.
      const assertKept = async () => {
        const change = await findRestore(target, input.proof);
        if (change !== undefined) throw changedSince(input.target, change);
      };
      await assertKept();
      await ensureConnections(target, input.connections, assertKept);
      return { isConnected: true };
    },

    /**
     * Ensures that the target is connected as it was before the migration, once no import runs inside it: of an abort,
     * when it holds none of the contracts any more, and of a target that serves already, with the proof by which it does.
     *
     * Safe to repeat. Fails with `NotConnected`, and with `TargetRestored` if it went back to before the proof.
     */
    async connectTarget(input: {
      target: NodeRef;
      synchronizerId: string;
      connections: PlannedNode['connections'];
      proof?: Pick<EqualityProof, 'targetLedgerEnd'>;
    }): Promise<void> {
      const target = participants.change(input.target);
      progress({ connecting: input.target.name });
      await awaitEndOfRepair(target, input.synchronizerId);
      const { proof } = input;
      const assertKept = async () => {
        const found = proof && (await findRestore(target, proof));
        if (found !== undefined) throw mismatch('TargetRestored', `${target.name} ${found}`);
      };
      await assertKept();
      await ensureConnections(target, input.connections, assertKept);
    },

    /**
     * Returns how long the participant took to answer itself over the synchronizer, nothing if it is granted what it needs
     * and too little to ping. Fails with `PingFailed` and `TrafficExhausted`.
     */
    async pingSelf(input: Pinging): Promise<{ pingTimeMs?: number }> {
      const { participant, synchronizerId } = input;
      const node = participants.change(participant);
      if (!(await mayPing(node, input))) return {};
      progress({ pinging: input.participant.name });
      const answer = await pingPaid(node, {
        participantUid: participant.uid,
        synchronizerId,
        timeoutMs: PING_TIMEOUT_MS,
      });
      if (!('failure' in answer)) return answer;
      throw mismatch('PingFailed', `${participant.name} cannot ping itself: ${answer.failure}`);
    },
  };
}

async function assertUnmoved(
  { ledger }: ParticipantReads,
  { source, pinnedOffset }: { source: NodeRef; pinnedOffset: string },
): Promise<void> {
  const ledgerEnd = await ledger.readLedgerEnd();
  if (ledgerEnd === pinnedOffset) return;
  throw mismatch(
    'SourceMoved',
    `the ledger end of ${source.name} is ${ledgerEnd}, expected the exported offset ${pinnedOffset}`,
  );
}

/** Sends the connect; returns false, and sends none, if a node is not as it was compared and none was sent before. */
async function connectAsCompared(
  source: ParticipantReads,
  target: Participant,
  input: ProvenConnect,
): Promise<boolean> {
  const { isBegun } = input;
  const fencing = currentFencing();
  progress({ connecting: input.target.name, ...(isBegun && { isConnecting: true }) });
  if (!isBegun && !(await areAsCompared(source, target, input))) return false;
  await awaitEndOfRepair(target, input.synchronizerId);
  // A repeat has to know of the connect before the node does.
  progress({ connecting: input.target.name, isConnecting: true });
  fencing.expire();
  await fencing.prove();
  if (!isBegun && (await isAnyConnected(target))) return false;
  const change = await findChangeSince(target, input);
  if (change !== undefined && isBegun) throw changedSince(input.target, change);
  if (change !== undefined) return false;
  await target.synchronizers.reconnect(input.alias);
  return true;
}

/** Whether both nodes are disconnected, at the offsets at which they were compared. */
async function areAsCompared(
  source: ParticipantReads,
  target: ParticipantReads,
  { proof: { sourceOffset, targetLedgerEnd } }: ProvenConnect,
): Promise<boolean> {
  for (const node of [source, target]) if (await isAnyConnected(node)) return false;
  if ((await source.ledger.readLedgerEnd()) !== sourceOffset) return false;
  return (await target.ledger.readLedgerEnd()) === targetLedgerEnd;
}

/** Whether the database of a target was brought back to before it had the contracts: then it must not serve. */
async function findRestore(
  { ledger }: ParticipantReads,
  { targetLedgerEnd }: Pick<EqualityProof, 'targetLedgerEnd'>,
): Promise<string | undefined> {
  const ledgerEnd = await ledger.readLedgerEnd();
  if (BigInt(ledgerEnd) >= BigInt(targetLedgerEnd)) return undefined;
  return `went back to ledger end ${ledgerEnd}, it was compared at ${targetLedgerEnd}`;
}

async function isConnectedTo({ synchronizers }: ParticipantReads, alias: string): Promise<boolean> {
  return (await synchronizers.listRegistered()).some((its) => its.alias === alias && its.isConnected);
}

async function isAnyConnected({ synchronizers }: ParticipantReads): Promise<boolean> {
  return (await synchronizers.listRegistered()).some(({ isConnected }) => isConnected);
}

/**
 * What changed on the target since it was compared. Ends with a look at the ledger end after which nothing is there: the
 * question whether an import runs moves it and changes no contract.
 */
async function findChangeSince(
  target: ParticipantReads,
  { proof, ...contracts }: ProvenConnect,
): Promise<string | undefined> {
  if (proof.targetDigest !== undefined) return findOtherDigest(target, { proof, ...contracts });
  for (let seen = proof.targetLedgerEnd; ;) {
    const ledgerEnd = await target.ledger.readLedgerEnd();
    if (ledgerEnd === seen) return undefined;
    if (BigInt(ledgerEnd) < BigInt(seen)) return `went back from ledger end ${seen} to ${ledgerEnd}`;
    const range = { beginExclusive: seen, endInclusive: ledgerEnd };
    const changedAt = await findContractChange(target, contracts, range);
    if (changedAt !== undefined) return `has changed contracts at offset ${changedAt}`;
    seen = ledgerEnd;
  }
}

/** The same where an import does not move the ledger end, and the connect alone does. */
async function findOtherDigest(
  target: ParticipantReads,
  { proof, parties, synchronizerId }: Pick<ProvenConnect, 'proof' | 'parties' | 'synchronizerId'>,
): Promise<string | undefined> {
  const digest = await digestOnTarget(target, { parties, synchronizerId });
  return digest === proof.targetDigest ? undefined : 'has other contracts';
}

function changedSince(target: NodeRef, change: string) {
  return mismatch(
    'TargetChanged',
    `${target.name} ${change} since it was compared, and an earlier attempt may have connected it, ` +
      'and then clients may have changed them',
  );
}
