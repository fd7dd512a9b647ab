import { isSameKeys } from '../../canton/party-keys.js';
import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import type { Wanted } from '../../model/hosting.js';
import type { SignedDefinition } from '../../model/participant.js';
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
     * keys of the plan, and by the same definitions of their namespaces. A node that is disconnected knows
     * what was there then.
     *
     * Changes nothing. Fails with `SigningKeysDiffer`, `PartiesHostedElsewhere` and `NamespaceDiffers`.
     * Source: networks C; networks D.
     */
    async readUnchangedSigners(input: UnchangedSignersInput): Promise<void> {
      const [source, reader] = [participants.read(input.source), participants.read(input.target)];
      progress({ reading: 'who signs for the parties' });
      await assertAsPlanned(reader, input);
      const { missing, differing } = await compareNamespaces({ source, reader }, input);
      const newer = missing
        .filter(({ kind }) => input.isKnown && NEEDED.has(kind))
        .map(({ subject, content }) => `${subject}: expected ${content}, found what was there before`);
      if (differing.length + newer.length > 0)
        throw namespacesDiffer(reader.name, input, [...differing, ...newer]);
    },
  };
}

/**
 * Fails with `SigningKeysDiffer` if parties have other signing keys on the target synchronizer than the plan
 * knows: a hosting holds the keys too, so a key that was replaced would authorise again, or the present one
 * nothing. Fails with `PartiesHostedElsewhere` if somebody else hosts them there, as the plan does. Source:
 * admin-api 5.5.
 */
export async function assertAsPlanned(
  reader: ParticipantReads,
  input: HostingInput & { parties: readonly Wanted[] },
): Promise<void> {
  const parties = input.parties.map(({ party }) => party);
  const current = await mappingsOf(reader, input, parties);
  const expected = [input.target.uid, input.replacedUid];
  const hosted = [...current.values()].flatMap(({ party, hosts }) =>
    hosts
      .filter(({ participantUid }) => !expected.includes(participantUid))
      .map(({ participantUid }) => `${party} by ${participantUid}`),
  );
  if (hosted.length > 0)
    throw mismatch(
      'PartiesHostedElsewhere',
      `${input.synchronizerId}, read from ${reader.name}: expected no other host of the parties than ${input.target.name}, found ${listed(hosted)}`,
    );
  const differing = input.parties.filter(({ party, hosting }) => {
    const { signingKeys } = current.get(party) ?? {};
    return signingKeys !== undefined && !isSameKeys(signingKeys, hosting?.signingKeys);
  });
  if (differing.length === 0) return;
  throw mismatch(
    'SigningKeysDiffer',
    `${input.synchronizerId}, read from ${reader.name}, has other signing keys in the mapping of ${differing.length} ` +
      `of the parties than the plan, which are those of the source: ${listed(differing.map(({ party }) => party))}`,
  );
}
