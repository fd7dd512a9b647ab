import { Channel } from '../canton/channel.js';
import { Endpoint } from '../canton/endpoint.js';
import { connectParticipant } from '../canton/index.js';
import type { ParticipantReads } from '../model/participant-access.js';
import type { PartyMapping } from '../model/participant.js';
import { namespaceOf } from '../model/plan.js';
import type { ParticipantProfile } from '../worker/options.js';
import { commandsOf, LoadNode } from './node.js';

/** A participant of the worker's configuration, with a channel of its own for commands. */
export interface LoadParticipant {
  name: string;
  participant: ParticipantReads;
  nodeFor: (parties: string[]) => LoadNode;
  close: () => void;
}

/** Opens the channels to a participant; nothing is called yet. */
export function connect({ name, admin, ledger }: ParticipantProfile): LoadParticipant {
  const access = connectParticipant(name, { admin, ledger });
  const participant = access.reading();
  const channel = new Channel(new Endpoint(name, ledger));
  const hasCredential = [ledger.token, ledger.tokenFile, ledger.oauth].some((one) => one !== undefined);
  return {
    name,
    participant,
    nodeFor: (parties) => new LoadNode(name, commandsOf(channel, hasCredential), participant, parties),
    close: () => {
      access.close();
      channel.close();
    },
  };
}

/**
 * Returns the first parties, in the order of their ids, that a migration would move: hosted by this participant alone,
 * for submission, and in its own namespace.
 */
export async function firstParties({ participant }: LoadParticipant, wanted: number): Promise<string[]> {
  const uid = await participant.health.readUid();
  const registered = await participant.synchronizers.listRegistered();
  const parties = new Set<string>();
  for (const { logicalId } of registered.filter((one) => one.isConnected)) {
    const store = { synchronizerId: logicalId };
    const mappings = await participant.topology.listPartyMappings(store, { participantUid: uid });
    for (const mapping of mappings) if (moves(mapping, uid)) parties.add(mapping.party);
  }
  return [...parties].sort().slice(0, wanted);
}

function moves({ party, hosts, threshold, signingKeys }: PartyMapping, uid: string): boolean {
  const [host, ...others] = hosts;
  const isAlone = others.length === 0 && threshold === 1 && signingKeys === undefined;
  const isOwn = party !== uid && namespaceOf(party) === namespaceOf(uid);
  return isAlone && isOwn && host?.permission === 'submission';
}
