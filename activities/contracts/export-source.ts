import { cancellationSignal } from '@temporalio/activity';

import type { ExportCall, ExportSource } from '../../acs/scan.js';
import { Selection, type SelectionRules } from '../../acs/selection.js';
import type { ExportRequest } from '../../model/participant-reads.js';
import { EMPTY_SNAPSHOT } from '../nodes/connections.js';
import type { Participants } from '../nodes/participants.js';
import { createdBetween, withGone, type ActivationRange } from './activation-range.js';
import { noticed, partsOf } from './export-parts.js';
import type { ExportInput } from './spooling.js';

/**
 * Most parties that one call for all of them names: the node takes 0.4 ms for each, and nothing for an export of
 * everything, of which what is not theirs is left out here. Source: networks H.
 */
const NAMED_PARTIES = 1_000;
/** Most bytes of names in a request, of which a node takes 10 MiB. */
const NAMED_BYTES = 4 * 1024 * 1024;

/** How an export is read: at the offset of the input and in one call, unless told otherwise. */
interface ExportReading {
  signal?: AbortSignal;
  offset?: string;
  parts?: number;
}

/**
 * The ACS of one side, with the ids the contracts have on the target.
 *
 * Of parties that became active at different times it is one export at the first of them, without what was gone, and with what
 * was new, when the first of its stakeholders became active. The same input gives the same records in the same order.
 */
export async function exportOf(
  participants: Participants,
  input: ExportInput,
  side: 'source' | 'target',
  { signal = cancellationSignal(), offset = input.offset, parts = 1 }: ExportReading = {},
): Promise<ExportSource> {
  const rules = rulesOf(input, side);
  const parties = [...rules.activationOf.keys()];
  const node = participants.read(input[side]);
  // Canton reads an empty list as every party, and refuses offset 0.
  const { importMovesLedgerEnd, exportLeavesOut } = await node.health.readAbilities();
  if (parties.length === 0 || (offset === '0' && importMovesLedgerEnd)) return emptyExport();
  const { source, target } = input.synchronizers;
  const at = {
    synchronizerId: side === 'source' ? source : target,
    offset,
    ...(side === 'source' && renameOf(input)),
    signal,
  };
  const callOf = (asked: Pick<ExportRequest, 'parties' | 'excludedStakeholders'>) =>
    noticed(
      node.repair.exportAcs({ ...at, ...asked, ...(!exportLeavesOut && { excludedStakeholders: [] }) }),
    );
  if (side === 'target' || !input.activations) return callsOf(callOf, parties, parts, rules);
  const range: ActivationRange = {
    source: node,
    activations: input.activations,
    parties,
    synchronizerId: source,
    renameTo: target,
    excludedStakeholders: input.excludedStakeholders,
    signal,
  };
  const known = await withGone(range, rules);
  const selection = new Selection(known);
  return (function* () {
    yield* callsOf(callOf, parties, parts, known);
    yield { chunks: createdBetween(range, selection), isUnpacked: true, selection };
  })();
}

/** How the records are to be written. */
function renameOf({ synchronizers, protocolVersion }: ExportInput) {
  return { renameTo: synchronizers.target, ...(protocolVersion !== undefined && { protocolVersion }) };
}

/** Of one side, the contracts that parties of the export share with any of these. */
export function exportSharedWith(
  participants: Participants,
  { parties, synchronizers, ...input }: ExportInput,
  side: 'source' | 'target',
  { sharedWith, offset, signal }: { sharedWith: string[]; offset: string; signal: AbortSignal },
): ExportSource {
  const asked = { parties: sharedWith, synchronizerId: synchronizers[side], offset, signal };
  const activationOf = new Map(parties.map((party) => [party, 0]));
  const selection = new Selection({ activationOf, excluded: new Set() });
  const { repair } = participants.read(input[side]);
  const renamed = side === 'source' ? { ...asked, renameTo: synchronizers.target } : asked;
  return [{ chunks: noticed(repair.exportAcs(renamed)), selection }];
}

/** Whose contracts are exported: of parties that became active, or of all that move. */
function rulesOf(input: ExportInput, side: 'source' | 'target'): SelectionRules {
  const { activations, parties } = input;
  const groups = activations?.map((group) => group.parties) ?? [parties];
  const kept = side === 'source' ? input.excludedStakeholders : (input.keptStakeholders ?? []);
  return {
    activationOf: new Map(groups.flatMap((group, at) => group.map((party) => [party, at] as const))),
    excluded: new Set(kept),
  };
}

/**
 * The calls of an export in so many parts, each made when it is read. A contract is in the first that exports a stakeholder
 * of it.
 */
function* callsOf(
  callOf: (asked: Pick<ExportRequest, 'parties' | 'excludedStakeholders'>) => AsyncIterable<Uint8Array>,
  parties: string[],
  parts: number,
  rules: SelectionRules,
): Generator<ExportCall, void, undefined> {
  const excluded = new Set(rules.excluded);
  const selection = new Selection({ ...rules, excluded });
  for (const part of partsOf(parties, parts)) {
    const isNamed = (parts > 1 || parties.length <= NAMED_PARTIES) && bytesOf(part) <= NAMED_BYTES;
    const chunks = callOf({
      parties: isNamed ? part : 'all',
      // More are left out here alone.
      excludedStakeholders: excluded.size <= NAMED_PARTIES ? [...excluded] : [],
    });
    yield { chunks, selection };
    for (const party of part) excluded.add(party);
  }
}

function bytesOf(parties: readonly string[]): number {
  return parties.reduce((sum, party) => sum + party.length, 0);
}

/** The export of nothing: a ledger that never had an event, or no party. */
async function* emptyExport(): AsyncGenerator<Uint8Array> {
  yield EMPTY_SNAPSHOT;
}
