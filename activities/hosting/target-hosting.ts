import { cancellationSignal } from '@temporalio/activity';

import type { HostingTransaction } from '../../model/ceremony.js';
import type { Wanted } from '../../model/hosting.js';
import type { HostingParticipant, NodeRef, PartyMapping } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { batchesOf } from '../attempt/waiting.js';
import { mappingsOf } from './hosted.js';

/** 5,000 take 7 s. Source: networks H. */
const GENERATED_AT_ONCE = 1_000;

/** Parties of the source that the target is to host on a synchronizer, or no longer. */
export interface HostingInput {
  target: NodeRef;
  /** Logical id. */
  synchronizerId: string;
  /** Uid of a parked participant that hosts the parties there, and that the target takes the place of. */
  replacedUid?: string;
}

/**
 * Returns the mappings that make the target a host of these parties on the target synchronizer, in the order of the
 * parties: of those that it does not host there as wanted. On the route over another synchronizer this is what the key of
 * a party signs, together with the target.
 *
 * `reader` is the target: while it is disconnected it answers with what it knew, which holds unless the key of the party
 * changed the mapping since. Serial 0 lets the node choose: a mapping that was removed left a serial that no list shows.
 * Source: networks C; admin-api 5.4.
 */
export async function hostingsToSign(
  reader: ParticipantReads,
  input: HostingInput & { parties: readonly Wanted[] },
): Promise<PartyMapping[]> {
  const missing = await notHostedAsWanted(reader, input);
  const names = missing.map(({ party }) => party);
  const current = await mappingsOf(reader, { synchronizerId: input.synchronizerId }, names);
  return missing.map((wanted) => withHost(current.get(wanted.party), wanted, input));
}

/** The parties that the target does not host there as wanted, with the permission that the source has, and their keys. */
export async function notHostedAsWanted(
  { topology }: ParticipantReads,
  input: HostingInput & { parties: readonly Wanted[] },
): Promise<Wanted[]> {
  if (input.parties.length === 0) return [];
  const { synchronizerId, target } = input;
  const filter = { participantUid: target.uid };
  const hosted = await topology.listPartyMappings({ synchronizerId }, filter);
  const byParty = new Map(hosted.map((mapping) => [mapping.party, mapping]));
  return input.parties.filter((wanted) => !isHostedAs(wanted, byParty.get(wanted.party), input));
}

/**
 * Returns the same as transactions that nobody has signed. A participant that is disconnected cannot be asked for them: it
 * has no store to write to then, so they are built by what it knew. Source: admin-api 1.6.
 */
export async function generateHostings(
  target: ParticipantReads,
  input: HostingInput & { parties: readonly Wanted[] },
): Promise<HostingTransaction[]> {
  const { synchronizerId } = input;
  const { signing, synchronizers } = target;
  const mappings = await hostingsToSign(target, input);
  const registered = await synchronizers.listRegistered();
  const isConnected = registered.some((its) => its.logicalId === synchronizerId && its.isConnected);
  if (isConnected) return generateMappings(target, { synchronizerId }, mappings);
  return mappings.map((its) => ({
    party: its.party,
    ...signing.buildPartyMapping({ ...its, serial: its.serial || 1 }),
  }));
}

/** Generates the transactions of these mappings, in their order. */
export async function generateMappings(
  { signing }: ParticipantReads,
  store: { synchronizerId: string },
  mappings: readonly PartyMapping[],
): Promise<HostingTransaction[]> {
  const generated: HostingTransaction[] = [];
  for (const some of batchesOf(mappings, GENERATED_AT_ONCE)) {
    cancellationSignal().throwIfAborted();
    const transactions = await signing.generatePartyMappings(store, some);
    generated.push(...transactions.map((its, at) => ({ party: some[at]!.party, ...its })));
    progress({ generated: generated.length, of: mappings.length });
  }
  return generated;
}

function isHostedAs(
  { permission, hosting }: Wanted,
  mapping: PartyMapping | undefined,
  input: HostingInput,
): boolean {
  if (!mapping || hostIn(mapping, input)?.permission !== permission) return false;
  return hosting?.signingKeys === undefined || mapping.signingKeys !== undefined;
}

export function hostIn(
  mapping: PartyMapping | undefined,
  { target: { uid } }: HostingInput,
): HostingParticipant | undefined {
  return mapping?.hosts.find(({ participantUid }) => participantUid === uid);
}

/**
 * A proposal replaces the whole list of hosts, so those the party has are kept, but the replaced one. Its keys go with it:
 * without them nobody signs for it, and the mapping would stay a proposal for ever. Source: admin-api 5.4; networks C.
 */
function withHost(
  current: PartyMapping | undefined,
  { party, permission, hosting }: Wanted,
  { target: { uid: participantUid }, replacedUid }: HostingInput,
): PartyMapping {
  const host = { participantUid, permission, isOnboarding: false };
  const signingKeys = current?.signingKeys ?? hosting?.signingKeys;
  const keys = signingKeys !== undefined && { signingKeys };
  if (!current) return { party, threshold: 1, hosts: [host], ...keys, serial: 0 };
  const others = current.hosts.filter(
    (its) => its.participantUid !== participantUid && its.participantUid !== replacedUid,
  );
  return { ...current, hosts: [...others, host], ...keys, serial: current.serial + 1 };
}
