import { describeLacking, type AwaitedSignatures } from '../../model/live.js';
import type {
  DecentralizedNamespace,
  NodeRef,
  PartyMapping,
  SignedMapping,
} from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { refused } from '../../model/failure.js';
import { namespaceOf } from '../../model/plan.js';
import { isSameTransaction, proposedByParty, scanProposals, type ProposedPart } from './proposals.js';

/** So many are told by name. */
const NAMED = 10;

interface LackingInput {
  target: NodeRef;
  /** Logical id. */
  synchronizerId: string;
  /** Fingerprints of keys that sign for a party anyway, whether their signatures are there yet or not. */
  signing?: (party: string) => Iterable<string>;
}

/**
 * Of whom signatures are missing under proposals, as owners and thresholds are now, whatever they were in the
 * plan.
 */
export class LackingSignatures {
  private readonly delegated = new Map<string, string[]>();
  private readonly decentralized: ReadonlyMap<string, DecentralizedNamespace>;
  private readonly counts = new Map<string, number>();
  private readonly named: string[] = [];
  private parties = 0;

  private constructor(
    private readonly source: ParticipantReads,
    private readonly input: LackingInput,
    definitions: DecentralizedNamespace[],
  ) {
    this.decentralized = new Map(definitions.map((its) => [its.namespace, its]));
  }

  static async read(source: ParticipantReads, input: LackingInput): Promise<LackingSignatures> {
    const { synchronizerId } = input;
    const definitions = await source.topology.listDecentralizedNamespaces({ synchronizerId });
    return new LackingSignatures(source, input, definitions);
  }

  /** Reads what is proposed by these mappings, and counts what it lacks. */
  async scan(mappings: readonly PartyMapping[]): Promise<AwaitedSignatures> {
    for await (const part of scanProposals(this.source, this.input, mappings)) await this.count(part);
    return this.found();
  }

  /**
   * Counts what these proposals lack, beside what was counted before. Returns those that lack nothing, one
   * for each party: signatures count only under one transaction. Source:
   * golden35/multi-hosted-and-decentralised.jsonl 40.
   */
  async count({ mappings, proposals }: ProposedPart): Promise<SignedMapping[]> {
    const complete: SignedMapping[] = [];
    const byParty = proposedByParty(mappings, proposals);
    for (const mapping of mappings) {
      const { party } = mapping;
      const { found, unsigned } = await this.best(mapping, byParty.get(party) ?? []);
      if (unsigned.length === 0) {
        if (found) complete.push(found);
        continue;
      }
      this.parties += 1;
      if (this.named.length < NAMED) this.named.push(party);
      for (const its of unsigned) this.counts.set(its, (this.counts.get(its) ?? 0) + 1);
    }
    return complete;
  }

  /**
   * The one that lacks the fewest signatures. With the hosts in our order it gets those of keys that sign
   * anyway.
   */
  private async best(
    mapping: PartyMapping,
    proposals: SignedMapping[],
  ): Promise<{ found?: SignedMapping; unsigned: string[] }> {
    const isOurs = (its: SignedMapping) =>
      isSameTransaction({ ...its.mapping, serial: mapping.serial }, mapping);
    const ours = proposals.find(isOurs);
    const signing = this.input.signing?.(mapping.party) ?? [];
    const keys = new Set([...(ours?.signedBy ?? []), ...signing]);
    let unsigned = await this.unsignedOf(mapping.party, keys);
    let found = ours;
    for (const its of proposals) {
      if (unsigned.length === 0) break;
      if (its === ours) continue;
      const others = await this.unsignedOf(mapping.party, new Set(its.signedBy));
      if (others.length < unsigned.length) [found, unsigned] = [its, others];
    }
    return { ...(found && { found }), unsigned };
  }

  found(): AwaitedSignatures {
    const all = [...this.counts].map(([namespace, count]) => ({ namespace, count }));
    const namespaces = all
      .sort((a, b) => b.count - a.count || (a.namespace < b.namespace ? -1 : 1))
      .slice(0, NAMED);
    const { parties, named, counts } = this;
    return { parties, named: [...named], namespaces, namespaceCount: counts.size };
  }

  /**
   * The namespaces of which some still have to sign. The target signs last: by itself, for its own namespace
   * too, but under a signature that is there.
   */
  private async unsignedOf(party: string, keys: ReadonlySet<string>): Promise<string[]> {
    const { target } = this.input;
    const namespace = namespaceOf(party);
    const { owners, threshold } = this.decentralized.get(namespace) ?? {
      owners: [namespace],
      threshold: 1,
    };
    const unsigned = await this.unsigned(owners, keys);
    const ofTarget = namespaceOf(target.uid);
    const others = unsigned.filter((its) => its !== ofTarget);
    const signed = owners.length - unsigned.length;
    const isComplete = signed > 0 && owners.length - others.length >= threshold;
    return isComplete ? [] : others.length > 0 ? others : unsigned;
  }

  private async unsigned(namespaces: string[], signedBy: ReadonlySet<string>): Promise<string[]> {
    const left: string[] = [];
    for (const namespace of namespaces) {
      if (signedBy.has(namespace)) continue;
      const keys = signedBy.size === 0 ? [] : await this.keysOf(namespace);
      if (!keys.some((key) => signedBy.has(key))) left.push(namespace);
    }
    return left;
  }

  /**
   * A namespace is signed for by its root key, and by those that it is delegated to, which are read when they
   * are needed.
   */
  private async keysOf(namespace: string): Promise<string[]> {
    const known = this.delegated.get(namespace);
    if (known) return known;
    const { synchronizerId } = this.input;
    const delegations = await this.source.topology.listDelegations({ synchronizerId }, namespace);
    const keys = delegations.map(({ targetKey }) => targetKey);
    this.delegated.set(namespace, keys);
    return keys;
  }
}

/**
 * Fails with `SignatureMissing` if some lack a signature: with that of the target they would stay proposals,
 * and the last signature of an owner, whenever it comes, would make the target a host by itself.
 */
export function assertNoneLacking(target: string, lacking: AwaitedSignatures): void {
  if (lacking.parties === 0) return;
  throw refused(
    'SignatureMissing',
    `${target} signs nothing yet: as owners and thresholds are now, it waits for ${describeLacking(lacking)}`,
  );
}
