import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import type { Wanted } from '../../model/hosting.js';
import type { NodeRef, SignedDefinition } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { namespaceOf } from '../../model/plan.js';
import { messagesOf, withRoom } from '../hosting/messages.js';
import type { Participants } from '../nodes/participants.js';
import { trafficHold } from '../nodes/traffic.js';
import { progress } from '../attempt/progress.js';
import { until } from '../attempt/waiting.js';

/** Each is authorised by what came before, once that is in effect. */
const IN_ORDER: readonly SignedDefinition['kind'][] = ['root', 'delegation', 'owners', 'keys'];

/** What takes effect together. Source: networks H. */
const ADDED_AT_ONCE = 100;

/** As a delegation: seen after 1.3 to 2 s, of 5,000 mappings the last one after 46 s. Source: admin-api 5.3; networks H. */
const VISIBLE_LIMIT_MS = 60_000;
const VISIBLE_MS_EACH = 20;

/** Namespaces of parties that neither node signs for alone, from one synchronizer to another. */
export interface NamespacesInput {
  source: NodeRef;
  target: NodeRef;
  /** Logical ids: of the source, and of the target. */
  sourceSynchronizerId: string;
  synchronizerId: string;
  parties: Pick<Wanted, 'party'>[];
  /** Namespaces that are delegated to the target: their delegations are loaded by themselves. */
  delegated: string[];
}

export function knownNamespacesActivities(participants: Participants) {
  return {
    /**
     * Ensures that the synchronizer of the target knows who signs for the namespaces of these parties, as that of the
     * source does: delegations, the owners of decentralised namespaces with theirs, and keys of parties that are in a
     * mapping of their own. They are copied as they are signed; without them a hosting stays a proposal, and no error
     * says so.
     *
     * Safe to repeat: what is there is left alone. Fails with `NamespaceDiffers` if something else is there, and with
     * `DelegationNotVisible`. Source: networks C; networks D.
     */
    async ensureNamespacesKnown(input: NamespacesInput): Promise<{ added: number }> {
      const source = participants.read(input.source);
      const target = participants.change(input.target);
      const store = { synchronizerId: input.synchronizerId };
      const { missing, differing } = await compareNamespaces({ source, reader: target }, input);
      if (differing.length > 0) throw namespacesDiffer(target.name, input, differing);
      let added = 0;
      for (const kind of IN_ORDER) {
        const its = missing.filter((one) => one.kind === kind);
        const signed = its.map((one) => one.signed);
        for (const batch of messagesOf(signed, ADDED_AT_ONCE)) {
          await withRoom(target, store, () => target.topology.addTransactions(batch, store));
          progress({ added: (added += batch.length), of: missing.length });
        }
        if (its.length > 0) await awaitKnown({ source, target }, input, its);
      }
      return { added };
    },
  };
}

/**
 * Returns what defines the namespaces of these parties on the synchronizer of the source and is missing on that of the
 * target, what owners need ahead of what they own, and what is defined otherwise there.
 */
export async function compareNamespaces(
  { source, reader }: { source: ParticipantReads; reader: ParticipantReads },
  input: NamespacesInput,
): Promise<{ missing: SignedDefinition[]; differing: string[] }> {
  const { namespaces, definitions } = await readDefinitions(source, input);
  if (namespaces.length === 0) return { missing: [], differing: [] };
  const there = await reader.topology.listDefinitions(
    { synchronizerId: input.synchronizerId },
    namespaces,
  );
  const current = new Map(there.map((its) => [its.subject, its]));
  const ever = new Map<string, SignedDefinition[]>();
  for (const its of definitions) ever.set(its.subject, [...(ever.get(its.subject) ?? []), its]);
  const missing: SignedDefinition[] = [];
  const differing: string[] = [];
  for (const [subject, versions] of ever) {
    const found = current.get(subject);
    const at = found ? versions.findLastIndex(({ content }) => content === found.content) : -1;
    if (found && at === -1)
      differing.push(`${subject}: expected ${versions.at(-1)!.content}, found ${found.content}`);
    else missing.push(...versions.slice(at + 1));
  }
  return { missing, differing };
}

/** The namespaces of the parties, with those of owners, and what defines them. */
async function readDefinitions(
  source: ParticipantReads,
  { sourceSynchronizerId, parties, delegated, ...nodes }: NamespacesInput,
): Promise<{ namespaces: string[]; definitions: SignedDefinition[] }> {
  const store = { synchronizerId: sourceSynchronizerId };
  const known = new Set([...delegated, namespaceOf(nodes.target.uid)]);
  const own = namespaceOf(nodes.source.uid);
  let next = [...new Set(parties.map(({ party }) => namespaceOf(party)))].filter((its) => its !== own);
  let namespaces: string[] = [];
  let definitions: SignedDefinition[] = [];
  for (;;) {
    const asked = next.filter((its) => !known.has(its));
    if (asked.length === 0) return { namespaces, definitions };
    const found = await source.topology.listDefinitions(store, asked);
    for (const its of asked) known.add(its);
    namespaces = namespaces.concat(asked);
    // Owners may be namespaces of several owners themselves.
    definitions = found.concat(definitions);
    next = [...new Set(found.flatMap(({ owners }) => owners))];
  }
}

async function awaitKnown(
  { source, target }: { source: ParticipantReads; target: ParticipantReads },
  input: NamespacesInput,
  added: SignedDefinition[],
): Promise<void> {
  let missing = added;
  const subjects = new Set(added.map(({ subject }) => subject));
  await until(
    async () => {
      const compared = await compareNamespaces({ source, reader: target }, input);
      missing = compared.missing.filter(({ subject }) => subjects.has(subject));
      return missing.length === 0 ? true : undefined;
    },
    {
      what: () => `${missing.length} definitions of namespaces on the target synchronizer`,
      everyMs: Math.max(200, added.length / 20),
      limitMs: VISIBLE_LIMIT_MS + added.length * VISIBLE_MS_EACH,
      type: 'DelegationNotVisible',
      heldUpBy: trafficHold(target, input),
      stillMissing: () =>
        `${listed(missing.map(({ subject }) => subject))} is not on ${input.synchronizerId}`,
    },
  );
}

export function namespacesDiffer(
  name: string,
  { synchronizerId }: NamespacesInput,
  differing: string[],
): Error {
  return mismatch(
    'NamespaceDiffers',
    `${synchronizerId}, read from ${name}, defines otherwise than the synchronizer of the source ${listed(differing)}`,
  );
}
