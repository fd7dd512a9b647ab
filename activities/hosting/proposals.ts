import { cancellationSignal } from '@temporalio/activity';

import { hostingKey } from '../../model/hosting.js';
import type { PartyMapping, SignedMapping } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { namespaceOf } from '../../model/plan.js';

/**
 * With more namespaces than this, those that begin alike are read together: a quarter of it at least, and
 * four times as many at most. Few at a time would cost a round of reads, calls and waits for each few.
 */
const NAMESPACES_AT_ONCE = 500;
/**
 * At most so many, unless they are of one namespace: with the hashes that are signed together each may be 4
 * kB or more.
 */
const PROPOSALS_AT_ONCE = 8_000;
/** What every fingerprint begins with: the frame of a SHA-256 multihash. */
const FRAME = '1220';

/** Some of the parties, with what is proposed for them. */
export interface ProposedPart {
  mappings: PartyMapping[];
  proposals: SignedMapping[];
}

/**
 * Yields what is proposed for the parties of these mappings, with its signatures: some namespaces at a time,
 * since all of it may be hundreds of megabytes. The list of Canton takes the beginning of a namespace.
 * Source: admin-api 1.5.
 */
export async function* scanProposals(
  { topology }: ParticipantReads,
  { synchronizerId }: { synchronizerId: string },
  mappings: readonly PartyMapping[],
): AsyncGenerator<ProposedPart> {
  const namespaces = new Set(mappings.map(({ party }) => namespaceOf(party)));
  const digits = Math.max(
    Math.round(digitsFor(namespaces.size / NAMESPACES_AT_ONCE)),
    Math.ceil(digitsFor(mappings.length / PROPOSALS_AT_ONCE)),
  );
  const isFew = namespaces.size <= NAMESPACES_AT_ONCE / 100;
  const parts = new Map<string, PartyMapping[]>();
  for (const mapping of mappings) {
    const namespace = namespaceOf(mapping.party);
    const key = isFew ? namespace : namespace.slice(0, FRAME.length + digits);
    const part = parts.get(key);
    if (part) part.push(mapping);
    else parts.set(key, [mapping]);
  }
  for (const [prefix, part] of parts) {
    cancellationSignal().throwIfAborted();
    const wanted = new Set(part.map(({ party }) => party));
    const all = await topology.listSignedPartyProposals({ synchronizerId }, prefix);
    yield { mappings: part, proposals: all.filter(({ mapping }) => wanted.has(mapping.party)) };
  }
}

/** By how many digits namespaces are told apart that are read in so many parts. */
function digitsFor(parts: number): number {
  return Math.max(0, Math.log(parts) / Math.log(16));
}

/** What a proposal is known by: its content, and the serial it is for. */
export function proposalKey({ serial, ...hosting }: PartyMapping): string {
  return `${serial} ${hostingKey(hosting)}`;
}

/** Whether both are bytes that one signature holds for: the order of the hosts is part of them. */
export function isSameTransaction(one: PartyMapping, other: PartyMapping): boolean {
  const order = ({ hosts }: PartyMapping) => hosts.map((its) => its.participantUid).join(' ');
  return order(one) === order(other) && proposalKey(one) === proposalKey(other);
}

/**
 * The proposals of these very mappings by party, whatever else is proposed for the parties. The hosts of a
 * mapping may be in another order: then it is another transaction, with signatures of its own. With serial 0
 * the node chose one, of what it lists the only one.
 */
export function proposedByParty(
  mappings: readonly PartyMapping[],
  proposals: readonly SignedMapping[],
): Map<string, SignedMapping[]> {
  const ours = new Map(
    mappings.map((its) => [its.party, { serial: its.serial, key: proposalKey(its) }]),
  );
  const found = new Map<string, SignedMapping[]>();
  for (const its of proposals) {
    const { mapping } = its;
    const { serial, key } = ours.get(mapping.party) ?? {};
    if (key !== proposalKey(serial === 0 ? { ...mapping, serial } : mapping)) continue;
    const known = found.get(mapping.party);
    if (known) known.push(its);
    else found.set(mapping.party, [its]);
  }
  return found;
}
