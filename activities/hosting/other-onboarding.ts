import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import type { NodeRef, PartyMapping } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';

/** Of these mappings those in which a participant is a host with the onboarding flag. */
export function onboardingTo(mappings: PartyMapping[], { uid }: { uid: string }): PartyMapping[] {
  return mappings.filter(({ hosts }) =>
    hosts.some((its) => its.participantUid === uid && its.isOnboarding),
  );
}

/**
 * Fails with `TargetOnboarding` if the target is being onboarded for parties that are not of the migration:
 * contracts that it has for those it hosts are left out of the export, and these it does not have yet.
 */
export async function assertNoOtherOnboarding(
  { topology }: ParticipantReads,
  input: { target: NodeRef; synchronizerId: string; parties: readonly { party: string }[] },
): Promise<void> {
  const { target, synchronizerId } = input;
  const ours = new Set(input.parties.map(({ party }) => party));
  const hosted = await topology.listPartyMappings({ synchronizerId }, { participantUid: target.uid });
  const found = onboardingTo(hosted, target).map(({ party }) => party);
  const others = found.filter((party) => !ours.has(party));
  if (others.length === 0) return;
  throw mismatch(
    'TargetOnboarding',
    `${target.name}: expected no onboarding flag but for parties of the migration, found one for ${listed(others)}`,
  );
}
