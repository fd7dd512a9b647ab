import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import { hostingKey, type PartyHosting } from '../../model/hosting.js';
import type { NodeRef } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { namespaceOf } from '../../model/plan.js';

/**
 * The parties of which a proposal of this very hosting is stored that the target signed, in whatever order it
 * names the hosts. The next signature may make it a host, while it is connected. Source:
 * golden35/external-live.jsonl 41.
 */
export async function findSignedByTarget(
  { topology }: ParticipantReads,
  { target, synchronizerId }: { target: NodeRef; synchronizerId: string },
  hostings: readonly PartyHosting[],
): Promise<string[]> {
  const store = { synchronizerId };
  const wanted = new Map(hostings.map((its) => [its.party, hostingKey(its)]));
  const ofTarget = namespaceOf(target.uid);
  const delegations = await topology.listDelegations(store, ofTarget);
  const signedBy = new Set([ofTarget, ...delegations.map(({ targetKey }) => targetKey)]);
  const filter = { participantUid: target.uid };
  const signed = await topology.listPartyMappings(store, filter, { isProposal: true, signedBy });
  const found = signed.filter((its) => wanted.get(its.party) === hostingKey(its));
  return [...new Set(found.map(({ party }) => party))].sort();
}

/** Of a target that may be connected. Fails with `TargetSignedAlready`. */
export async function assertNotSignedByTarget(
  source: ParticipantReads,
  input: { target: NodeRef; synchronizerId: string },
  hostings: readonly PartyHosting[],
): Promise<void> {
  const found = await findSignedByTarget(source, input, hostings);
  if (found.length === 0) return;
  throw mismatch('TargetSignedAlready', describeSignedByTarget(input.target.name, found));
}

export function describeSignedByTarget(target: string, parties: readonly string[]): string {
  return (
    `${target} has signed already that it becomes a host, in stored proposals that are not in effect, of parties: ` +
    `${parties.length}. The next signature would make it one while it may be connected, without any contract. ` +
    `Expected no signature of ${target} before it is isolated, found it for ${listed(parties)}`
  );
}
