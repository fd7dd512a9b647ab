import { Selection, type SelectionRules } from '../../acs/selection.js';
import { firstOf } from '../../model/count.js';
import { refused } from '../../model/failure.js';
import type { ActivationGroup } from '../../model/live.js';
import type { ParticipantReads } from '../../model/participant-access.js';

/** Contracts of the range that are kept by their ids, which take some 200 MB. */
const MAX_GONE = 1_000_000;
/** Of the contracts that an import cannot bring. */
const NAMED = 5;

/** What is asked of the source about the time in which the parties became active, one group after the other. */
export interface ActivationRange {
  source: ParticipantReads;
  /** Ordered by time. */
  activations: readonly ActivationGroup[];
  parties: string[];
  /** The source's, logical id. */
  synchronizerId: string;
  renameTo: string;
  excludedStakeholders: string[];
  signal: AbortSignal;
}

/**
 * Returns the rules with the contracts that the first activation among their stakeholders found gone: archived, purged or
 * unassigned since the export's offset, which is that of the first activation of all.
 *
 * Memory grows with what ended while none of its stakeholders was active. Fails with `ContractReassigned` if one was
 * assigned to the synchronizer by then: no import brings one. Source: decision 41.
 */
export async function withGone(range: ActivationRange, rules: SelectionRules): Promise<SelectionRules> {
  const selection = new Selection(rules);
  const goneAt = new Map<string, number>();
  const arrived = new Set<string>();
  const between = boundsOf(range);
  if (!between) return rules;
  for await (const turnover of range.source.ledger.scanTurnover(between)) {
    const { offset, contractId, stakeholders, isArrival } = turnover;
    const moment = selection.momentOf(stakeholders);
    const at = momentAt(range.activations, offset);
    // The target is a host of it by then, and is told.
    if (moment === undefined || at > moment) continue;
    if (isArrival) arrived.add(contractId);
    else arrived.delete(contractId);
    if (!isArrival && !goneAt.has(contractId)) goneAt.set(contractId, at);
    if (goneAt.size + arrived.size > MAX_GONE)
      throw refused(
        'TooManyContracts',
        `more than ${MAX_GONE} contracts of ${range.source.name} changed while their parties became active`,
      );
  }
  if (arrived.size === 0) return { ...rules, goneAt };
  const first = [...arrived].slice(0, NAMED);
  throw refused(
    'ContractReassigned',
    `${arrived.size} contracts were assigned to ${range.synchronizerId} before their parties became active, expected none with a reassignment counter above 0: ${firstOf(first, arrived.size)}`,
  );
}

/**
 * Yields the records of the contracts that were created after the export's offset, and before the first activation among
 * their stakeholders: the export does not have them, and the target is not told of them. In the order of the ledger.
 */
export async function* createdBetween(
  range: ActivationRange,
  selection: Selection,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { source, activations, renameTo, excludedStakeholders } = range;
  const between = boundsOf(range);
  if (!between) return;
  const changes = source.ledger.scanChanges({ ...between, renameTo, excludedStakeholders });
  for await (const { created, offset } of changes) {
    const at = momentAt(activations, offset);
    const records = created.flatMap(({ stakeholders, record }) => {
      const moment = selection.momentOf(stakeholders);
      return moment !== undefined && at <= moment ? [record] : [];
    });
    if (records.length > 0) yield Buffer.concat(records);
  }
}

/** From the first activation to the last; undefined if they are one. */
function boundsOf({ activations, parties, synchronizerId, signal }: ActivationRange) {
  const [beginExclusive, endInclusive] = [activations[0]?.offset, activations.at(-1)?.offset];
  if (beginExclusive === undefined || endInclusive === undefined || beginExclusive === endInclusive)
    return undefined;
  return { beginExclusive, endInclusive, parties, synchronizerId, signal };
}

/** The number of the first activation at this offset or later. */
function momentAt(activations: readonly ActivationGroup[], offset: string): number {
  const at = BigInt(offset);
  let [from, to] = [0, activations.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (BigInt(activations[middle]!.offset) < at) from = middle + 1;
    else to = middle;
  }
  return from;
}
