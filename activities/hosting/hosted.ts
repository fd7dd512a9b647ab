import type { PartyMapping } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { forEachOf } from '../attempt/waiting.js';

/** More are read with all others that the synchronizer has: 9,300 take 1.7 s. Source: networks H. */
const READ_BY_NAME = 50;

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

/** Those of the parties that a participant is no host of, as the node has it. */
export async function notHosted(
  node: ParticipantReads,
  input: { synchronizerId: string; parties: string[] },
  participantUid: string,
): Promise<string[]> {
  const hosted = await listHosted(node, input, participantUid);
  const known = new Set(hosted.map(({ party }) => party));
  return input.parties.filter((party) => !known.has(party));
}

/**
 * Reads how parties are hosted, by party: few of them one by one, many in one call, whoever else is mapped
 * there.
 */
export async function mappingsOf(
  { topology }: ParticipantReads,
  store: { synchronizerId: string },
  parties: readonly string[],
): Promise<Map<string, PartyMapping>> {
  const wanted = new Set(parties);
  const found = new Map<string, PartyMapping>();
  const note = (mappings: PartyMapping[]) => {
    for (const mapping of mappings) if (wanted.has(mapping.party)) found.set(mapping.party, mapping);
  };
  const many = { mayBeMany: true, among: wanted };
  if (wanted.size > READ_BY_NAME) note(await topology.listPartyMappings(store, {}, many));
  else
    await forEachOf([...wanted], READ_BY_NAME, async (party) =>
      note(await topology.listPartyMappings(store, { party })),
    );
  return found;
}
