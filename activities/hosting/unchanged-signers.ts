import { isSameKeys } from '../../canton/v30/party-keys.js';
import { listed } from '../../model/count.js';
import type { FailureType } from '../../model/cures.js';
import { mismatch } from '../../model/failure.js';
import type { Wanted } from '../../model/hosting.js';
import type { NodeRef, PartyMapping, SignedDefinition } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import {
  compareNamespaces,
  namespacesDiffer,
  type NamespacesInput,
} from '../namespace/known-namespaces.js';
import type { Participants } from '../nodes/participants.js';
import { progress } from '../attempt/progress.js';
import { mappingsOf } from './hosted.js';
import type { HostingInput } from './target-hosting.js';

/**
 * Of the definitions that the source knows and the target does not: a further delegation takes nothing from
 * anybody.
 */
const NEEDED: ReadonlySet<SignedDefinition['kind']> = new Set(['owners', 'keys']);

export interface UnchangedSignersInput extends NamespacesInput {
  parties: Wanted[];
  /** Whether the definitions were copied to the target synchronizer before: what is missing came since. */
  isKnown: boolean;
}

export function unchangedSignersActivities(participants: Participants) {
  return {
    /**
     * Returns if the same people sign for the parties on both synchronizers, as both nodes know it: with the
     * same keys, and by the same definitions of their namespaces. A node that is disconnected knows what was
     * there then.
     *
     * Changes nothing. Fails with `SigningKeysDiffer`, `PartiesHostedElsewhere` and `NamespaceDiffers`.
     * Source: networks C; networks D.
     */
    async readUnchangedSigners(input: UnchangedSignersInput): Promise<void> {
      const [source, reader] = [participants.read(input.source), participants.read(input.target)];
      progress({ reading: 'who signs for the parties' });
      await assertAsOnSource({ source, reader }, input);
      const { missing, differing } = await compareNamespaces({ source, reader }, input);
      const newer = missing
        .filter(({ kind }) => input.isKnown && NEEDED.has(kind))
        .map(({ subject, content }) => `${subject}: expected ${content}, found what was there before`);
      if (differing.length + newer.length > 0)
        throw namespacesDiffer(reader.name, input, [...differing, ...newer]);
    },
  };
}

/** Parties that move, as both synchronizers have them. */
export interface MappedInput extends HostingInput {
  source: NodeRef;
  /** Logical id of the synchronizer of the source. */
  sourceSynchronizerId: string;
  parties: readonly Wanted[];
}

interface Nodes {
  source: ParticipantReads;
  /** Knows the target synchronizer. */
  reader: ParticipantReads;
}

/**
 * Fails as {@link unchangedSignersActivities} if a party that is to be hosted now is mapped otherwise. Where
 * the target serves already, and nothing leads back, those that it hosts as wanted are left alone: returns
 * what differs of them.
 */
export async function assertMayBeHosted(
  nodes: Nodes,
  input: MappedInput & { isServing?: boolean },
  missing: readonly PartyMapping[],
): Promise<string[]> {
  const due = new Set(missing.map(({ party }) => party));
  const isLeft = ({ party }: Wanted) => input.isServing === true && !due.has(party);
  const changing = input.parties.filter((its) => !isLeft(its));
  await assertAsOnSource(nodes, { ...input, parties: changing });
  const left = await findDiffering(nodes, { ...input, parties: input.parties.filter(isLeft) });
  return left.map(({ what }) => what);
}

/**
 * Fails with `PartiesHostedElsewhere` or `SigningKeysDiffer` if parties are mapped otherwise on the target
 * synchronizer.
 */
async function assertAsOnSource(nodes: Nodes, input: MappedInput): Promise<void> {
  const [found] = await findDiffering(nodes, input);
  if (found) throw mismatch(found.type, found.what);
}

/**
 * Returns whom else parties are hosted by on the target synchronizer, and of which it has other signing keys
 * than that of the source: a hosting holds the keys too, so a key that was replaced would authorise again, or
 * the present one nothing. Both as the nodes know it now: keys that were replaced on both since the plan are
 * the same. Source: admin-api 5.5.
 */
async function findDiffering(
  { source, reader }: Nodes,
  input: MappedInput,
): Promise<{ type: FailureType; what: string }[]> {
  const { synchronizerId, sourceSynchronizerId, target, replacedUid } = input;
  const parties = input.parties.map(({ party }) => party);
  const current = [...(await mappingsOf(reader, { synchronizerId }, parties)).values()];
  const elsewhere = current.flatMap(({ party, hosts }) =>
    hosts
      .filter((its) => its.participantUid !== target.uid && its.participantUid !== replacedUid)
      .map(({ participantUid }) => `${party} by ${participantUid}`),
  );
  const keyed = current.flatMap(({ party, signingKeys }) =>
    signingKeys === undefined ? [] : [{ party, signingKeys }],
  );
  const store = { synchronizerId: sourceSynchronizerId };
  const names = keyed.map(({ party }) => party);
  const known = await mappingsOf(source, store, names);
  const differing = keyed.filter(
    ({ party, signingKeys }) => !isSameKeys(signingKeys, known.get(party)?.signingKeys),
  );
  const where = `${synchronizerId}, read from ${reader.name}`;
  return [
    ...found(
      'PartiesHostedElsewhere',
      elsewhere,
      `${where}: expected no other host of the parties than ${target.name}, found`,
    ),
    ...found(
      'SigningKeysDiffer',
      differing.map(({ party }) => party),
      `${where}, has other signing keys in the mapping of ${differing.length} of the parties than ` +
        `${sourceSynchronizerId}, read from ${source.name}:`,
    ),
  ];
}

function found(type: FailureType, parties: string[], what: string) {
  return parties.length === 0 ? [] : [{ type, what: `${what} ${listed(parties)}` }];
}
