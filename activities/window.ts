import { mismatch } from '../model/failure.js';
import type { NodeRef } from '../model/participant.js';
import { readIsolated } from './connections.js';
import type { ParticipantReads } from './participant.js';

/**
 * The time from the activation of the target as a host until it has every contract, on the live route.
 *
 * One connection in between destroys the target for the synchronizer: it processes what it has no contracts for, and
 * no import heals that. Source: Canton facts, live route 1 and 6.
 */
export interface OnboardingWindow {
  /** Ledger end of the target when it was disconnected: it has seen nothing of the activation by then. Decimal int64. */
  beginExclusive: string;
}

/** Which node becomes a host of whom. */
interface Hosting {
  target: NodeRef;
  parties: string[];
}

/**
 * Fails with `TargetExposed` if the target is connected, or has been connected since it became a host.
 *
 * Without a window: with `StillConnected` unless it is disconnected for good.
 */
export async function readSealed(
  target: ParticipantReads,
  { window, ...hosting }: Hosting & { window?: OnboardingWindow },
): Promise<void> {
  if (!window) return readIsolated(target);
  const connected = (await target.synchronizers.listRegistered()).filter((its) => its.isConnected);
  if (connected.length > 0) {
    throw exposed(target, `is connected to ${connected.map(({ alias }) => alias).join(', ')}`);
  }
  if (await hasSeenActivation(target, { ...hosting, window })) {
    throw exposed(target, 'was connected');
  }
  await readIsolated(target);
}

/** Whether the target's own ledger shows that it became a host of one of the parties: only a connection tells it. */
export async function hasSeenActivation(
  { ledger }: ParticipantReads,
  { target, parties, window: { beginExclusive } }: Hosting & { window: OnboardingWindow },
): Promise<boolean> {
  const endInclusive = await ledger.readLedgerEnd();
  if (endInclusive === beginExclusive) return false;
  for await (const seen of ledger.scanPartyAuthorizations({ parties, beginExclusive, endInclusive })) {
    if (seen.participantUid === target.uid && seen.kind !== 'revoked') return true;
  }
  return false;
}

/** What is proven is the connection; what it led to shows only at the next connect, which may end the process. */
function exposed({ name }: ParticipantReads, what: string) {
  return mismatch(
    'TargetExposed',
    `${name} ${what} while it was a host of the parties without all of their contracts. It cannot be ruled out that it has ` +
      'processed ledger transactions over contracts that it does not have, and no import heals that: it must not be ' +
      'connected again as it is. Nothing is lost on the source, which serves all parties',
  );
}
