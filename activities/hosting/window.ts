import { mismatch } from '../../model/failure.js';
import type { NodeRef } from '../../model/participant.js';
import { readIsolated } from '../nodes/connections.js';
import type { ParticipantReads } from '../../model/participant-access.js';

/**
 * The time from the activation of the target as a host until it has every contract, on the live route.
 *
 * One connection in between destroys the target for the synchronizer: it processes what it has no contracts for, and
 * no import heals that. Source: live-route 1 and 6.
 */
export interface OnboardingWindow {
  /** Ledger end of the target when it was disconnected: it has seen nothing of the activation by then. Decimal int64. */
  beginExclusive: string;
}

/** What is proven of a target that is a host: it had every contract at this ledger end, before it was connected. */
export interface TargetProof extends OnboardingWindow {
  /** Decimal int64. */
  ledgerEnd: string;
}

/** Which node becomes a host of whom. */
interface Hosting {
  target: NodeRef;
  parties: string[];
}

/**
 * Whether a target may be connected, or stay so: it is as it was proven, or has become a host only after it.
 *
 * Fails with `TargetRestored` if its database was brought back to before the proof, with `EqualityStale` if something else
 * changed it since, and with `TargetExposed` if it became a host in its own ledger before it had every contract.
 */
export async function readProven(
  target: ParticipantReads,
  { proof, ...hosting }: Hosting & { proof: TargetProof },
): Promise<void> {
  const differs = (ledgerEnd: string) =>
    `the ledger end of ${target.name} is ${ledgerEnd}, it was compared at ${proof.ledgerEnd}`;
  const endInclusive = await target.ledger.readLedgerEnd();
  if (BigInt(endInclusive) < BigInt(proof.ledgerEnd))
    throw mismatch('TargetRestored', differs(endInclusive));
  const seenAt = await findActivation(target, { ...hosting, window: proof, endInclusive });
  if (seenAt !== undefined && BigInt(seenAt) <= BigInt(proof.ledgerEnd))
    throw exposed(
      target,
      `was restored and connected: it saw itself become a host at offset ${seenAt},`,
    );
  if (seenAt !== undefined) return;
  // The last look, after which nothing is read: the connect follows at once.
  const ledgerEnd = await target.ledger.readLedgerEnd();
  if (ledgerEnd !== proof.ledgerEnd) throw mismatch('EqualityStale', differs(ledgerEnd));
}

/**
 * Fails with `TargetExposed` if the target is connected, or has been connected since it became a host.
 *
 * Without a window: with `StillConnected` unless it is disconnected for good.
 */
export async function readIsolatedTarget(
  target: ParticipantReads,
  { window, ...hosting }: Hosting & { window?: OnboardingWindow },
): Promise<void> {
  if (!window) return readIsolated(target);
  const connected = (await target.synchronizers.listRegistered()).filter((its) => its.isConnected);
  if (connected.length > 0) {
    throw exposed(target, `is connected to ${connected.map(({ alias }) => alias).join(', ')}`);
  }
  if (await isExposed(target, { ...hosting, window })) {
    throw exposed(target, 'was connected');
  }
  await readIsolated(target);
}

/**
 * Whether the target became a host in its own ledger, which only a connection tells it, before it was proven to have every
 * contract.
 */
export async function isExposed(
  target: ParticipantReads,
  { proof, ...hosting }: Hosting & { window: OnboardingWindow; proof?: TargetProof },
): Promise<boolean> {
  const endInclusive = await target.ledger.readLedgerEnd();
  const seenAt = await findActivation(target, { ...hosting, endInclusive });
  return seenAt !== undefined && (proof === undefined || BigInt(seenAt) <= BigInt(proof.ledgerEnd));
}

/** The offset at which the target's own ledger shows first that it became a host of one of the parties. */
async function findActivation(
  { ledger }: ParticipantReads,
  input: Hosting & { window: OnboardingWindow; endInclusive: string },
): Promise<string | undefined> {
  const { target, parties, window, endInclusive } = input;
  const { beginExclusive } = window;
  if (BigInt(endInclusive) <= BigInt(beginExclusive)) return undefined;
  for await (const seen of ledger.scanPartyAuthorizations({ parties, beginExclusive, endInclusive })) {
    if (seen.participantUid === target.uid && seen.kind !== 'revoked') return seen.offset;
  }
  return undefined;
}

/** What is proven is the connection; what it led to shows only at the next connect, which may end the process. */
export function exposed({ name }: Pick<ParticipantReads, 'name'>, what: string) {
  return mismatch(
    'TargetExposed',
    `${name} ${what} while it was a host of the parties without all of their contracts. It cannot be ruled out that it has ` +
      'processed ledger transactions over contracts that it does not have, and no import repairs that: it must not be ' +
      'connected again as it is. Nothing is lost on the source, which serves all parties',
  );
}
