import { isDeepStrictEqual } from 'node:util';

import { sleep } from '@temporalio/activity';

import type { AwaitedSignatures } from '../../model/live.js';
import type { Wanted } from '../../model/hosting.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { counted } from '../../model/count.js';
import { progress } from '../attempt/progress.js';
import type { Participants } from '../nodes/participants.js';
import { wantedMappings, type OnboardingInput } from './onboarding.js';
import { scanProposals, signersByParty } from './proposals.js';

/** Of something that people do. */
const LOOK_MS = 5_000;
/** So many are told by name. */
const NAMED = 10;

export function ownerActivities(participants: Participants) {
  return {
    /**
     * Returns what is missing of the signatures of others under the proposals of this migration, as soon as that is
     * something else than what is `known`, or nothing.
     *
     * An answer of Canton says nothing of it, nor does a list of what is in effect: what counts is who signed what is
     * stored, here or on a node of an owner. Changes nothing. Fails with `PartiesChanged`. Source: networks D.
     */
    async awaitHostingSignatures(
      input: OnboardingInput & { parties: Wanted[]; known?: AwaitedSignatures },
    ): Promise<AwaitedSignatures> {
      const source = participants.read(input.source);
      const signing = input.parties.filter(({ signers }) => signers !== undefined);
      for (;;) {
        const lookedAt = Date.now();
        const missing = await missingSignatures(source, { ...input, parties: signing });
        if (missing.parties === 0 || !isDeepStrictEqual(missing, input.known)) return missing;
        progress({
          waitingFor: `signatures for the hosting of ${counted(missing.parties, 'party', 'parties')}`,
        });
        await sleep(Math.max(LOOK_MS, Date.now() - lookedAt));
      }
    },
  };
}

async function missingSignatures(
  source: ParticipantReads,
  input: OnboardingInput & { parties: Wanted[] },
): Promise<AwaitedSignatures> {
  const byParty = new Map(input.parties.map((its) => [its.party, its]));
  const keys = new SigningKeys(source, input.synchronizerId);
  const counts = new Map<string, number>();
  const named: string[] = [];
  let parties = 0;
  for await (const { mappings, proposals } of scanProposals(
    source,
    input,
    await wantedMappings(source, input),
  )) {
    const signedBy = signersByParty(mappings, proposals);
    for (const { party } of mappings) {
      const { namespaces, needed } = byParty.get(party)!.signers!;
      const unsigned = await keys.unsigned(namespaces, signedBy.get(party) ?? new Set());
      if (namespaces.length - unsigned.length >= needed) continue;
      parties += 1;
      if (named.length < NAMED) named.push(party);
      for (const its of unsigned) counts.set(its, (counts.get(its) ?? 0) + 1);
    }
  }
  const all = [...counts].map(([namespace, count]) => ({ namespace, count }));
  const namespaces = all
    .sort((a, b) => b.count - a.count || (a.namespace < b.namespace ? -1 : 1))
    .slice(0, NAMED);
  return { parties, named, namespaces, namespaceCount: counts.size };
}

/** Which keys sign for a namespace: its root key, and those that it is delegated to, which are read when they are needed. */
class SigningKeys {
  private readonly known = new Map<string, string[]>();

  constructor(
    private readonly source: ParticipantReads,
    private readonly synchronizerId: string,
  ) {}

  /** Those of the namespaces for which none of these keys signed. */
  async unsigned(namespaces: string[], signedBy: ReadonlySet<string>): Promise<string[]> {
    const left: string[] = [];
    for (const namespace of namespaces) {
      if (signedBy.has(namespace)) continue;
      const keys = signedBy.size === 0 ? [] : await this.keysOf(namespace);
      if (!keys.some((key) => signedBy.has(key))) left.push(namespace);
    }
    return left;
  }

  private async keysOf(namespace: string): Promise<string[]> {
    const known = this.known.get(namespace);
    if (known) return known;
    const { synchronizerId } = this;
    const delegations = await this.source.topology.listDelegations({ synchronizerId }, namespace);
    const keys = delegations.map(({ targetKey }) => targetKey);
    this.known.set(namespace, keys);
    return keys;
  }
}
