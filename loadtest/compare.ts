import type { SeenContract } from './commands.js';
import { isOwnNote } from './notes.js';

/** Contracts named in a comparison, by kind; more are counted. */
const NAMED_LIMIT = 20;

interface PartyComparison {
  party: string;
  /** In the model. */
  expected: number;
  /** On the node. */
  found: number;
  missing: number;
  extra: number;
}

interface DifferingContract {
  kind: 'missing' | 'extra';
  contractId: string;
  stakeholders: string[];
}

/** The model of the clients and what a node has, by contract id. */
export interface Comparison {
  /** Name of the participant. */
  node: string;
  expected: number;
  found: number;
  /** In the model and not on the node. */
  missing: number;
  /** Of this load test, on the node and not in the model. */
  extra: number;
  /** Those of `extra` whose creation clients know as done once, and whose place no missing one leaves: done twice. */
  doubled: number;
  /** Others that came since the beginning: of somebody else, no failure of this load test. */
  foreign: number;
  /** Ordered as the parties of the load test. */
  parties: PartyComparison[];
  /** The first ones. */
  differing: DifferingContract[];
}

/** What clients know: the contracts that have to be active, and the notes of every command that was committed. */
export interface Known {
  run: string;
  parties: readonly string[];
  /** By contract id. */
  expected: ReadonlyMap<string, SeenContract>;
  /** Whether a create command with this note was committed, for all that clients know. */
  isCommitted: (note: string) => boolean;
}

/** Compares what clients know with the ACS of a node, contract by contract. */
export async function compare(
  node: string,
  known: Known,
  actual: AsyncIterable<SeenContract>,
): Promise<Comparison> {
  const rows = new Map(known.parties.map((party) => [party, rowOf(party)]));
  const { expected } = known;
  const differing: DifferingContract[] = [];
  const totals = { found: 0, missing: 0, extra: 0, foreign: 0 };
  const notes = { missing: new Set<string>(), extra: [] as string[] };
  const tally = (
    stakeholders: readonly string[],
    column: 'expected' | 'found' | 'missing' | 'extra',
  ) => {
    for (const party of stakeholders) {
      const row = rows.get(party);
      if (row) row[column] += 1;
    }
  };
  const differ = (kind: 'missing' | 'extra', contractId: string, stakeholders: readonly string[]) => {
    totals[kind] += 1;
    tally(stakeholders, kind);
    if (differing.filter((one) => one.kind === kind).length >= NAMED_LIMIT) return;
    differing.push({ kind, contractId, stakeholders: [...stakeholders] });
  };

  const seen = new Set<string>();
  for await (const { contractId, stakeholders, iou } of actual) {
    const isOwn = iou !== undefined && isOwnNote(known.run, iou.note);
    if (!expected.has(contractId) && !isOwn) {
      totals.foreign += 1;
      continue;
    }
    seen.add(contractId);
    totals.found += 1;
    tally(stakeholders, 'found');
    if (expected.has(contractId)) continue;
    differ('extra', contractId, stakeholders);
    notes.extra.push(iou?.note ?? '');
  }
  for (const { contractId, stakeholders, iou } of expected.values()) {
    tally(stakeholders, 'expected');
    if (seen.has(contractId)) continue;
    differ('missing', contractId, stakeholders);
    if (iou) notes.missing.add(iou.note);
  }
  // A transfer that clients did not hear of leaves a missing contract and an extra one with the same note.
  const doubled = notes.extra.filter(
    (note) => known.isCommitted(note) && !notes.missing.has(note),
  ).length;
  const parties = [...rows.values()];
  return { node, expected: expected.size, ...totals, doubled, parties, differing };
}

/** Whether the node has exactly what clients know, and nothing of theirs twice. */
export function isEqual({ missing, extra }: Comparison): boolean {
  return missing === 0 && extra === 0;
}

function rowOf(party: string): PartyComparison {
  return { party, expected: 0, found: 0, missing: 0, extra: 0 };
}
