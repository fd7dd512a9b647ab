import type { PartyMapping } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';

/** Lists the mappings of these parties in which a participant is a host, as the node has them. */
export async function listHosted(
  { topology }: ParticipantReads,
  { synchronizerId, parties }: { synchronizerId: string; parties: string[] },
  participantUid: string,
): Promise<PartyMapping[]> {
  const mappings = await topology.listPartyMappings({ synchronizerId }, { participantUid });
  const wanted = new Set(parties);
  return mappings.filter(({ party }) => wanted.has(party));
}
