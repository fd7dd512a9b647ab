import type { TopologyPort } from '../node.js';
import type { Contract } from './contract.js';
import { newUpdateId, type LedgerEntry, type Submission } from './entry.js';
import type { Ledger } from './ledger.js';

/** What a node writes ledger transactions with. */
export interface Writer {
  readonly uid: string;
  readonly ledger: Ledger;
  readonly topology: TopologyPort;
}

/** A ledger transaction before it is ordered. */
export interface Draft {
  /** Logical id. */
  readonly synchronizerId: string;
  readonly workflowId: string;
  /** Empty if there is none. */
  readonly commandId: string;
  readonly submission?: Submission;
  /** Microseconds; shortly before its record time if absent. */
  readonly effectiveAtMicros?: number;
  /** Of the order, if what it depends on was checked at that time; else the next one. Microseconds. */
  readonly recordTimeMicros?: number | undefined;
  readonly created: readonly Contract[];
  readonly archived: readonly Archived[];
}

/** An active contract that ends. */
export interface Archived {
  /** Undefined if this node does not have it. */
  readonly slot: number | undefined;
  readonly contractId: string;
  readonly stakeholders: readonly string[];
}

/** Finds a contract of this node by its slot. */
export function archivedAt(ledger: Ledger, slot: number): Archived {
  const stakeholders = ledger.index.stakeholders(slot).all;
  return { slot, contractId: ledger.contractId(slot), stakeholders };
}

/** From the time that a submitter gives a transaction to the time it is ordered. Source: golden/happy.jsonl 50. */
const ORDERING_MICROS = 50_000;

/** Lists the stakeholders of a draft, each once. */
function stakeholdersOf(draft: Draft): Set<string> {
  return new Set([
    ...draft.created.flatMap((one) => [...one.signatories, ...one.observers]),
    ...draft.archived.flatMap((one) => one.stakeholders),
  ]);
}

/**
 * Has a transaction ordered and returns its entry here: among all hosts of its stakeholders, or, if this node hosts them
 * alone, here only.
 */
export function write(writer: Writer, draft: Draft): LedgerEntry {
  const { ledger, topology } = writer;
  const order = topology.order(draft.synchronizerId);
  const recordTimeMicros = draft.recordTimeMicros ?? order?.nextTime() ?? ledger.now();
  const isShared = order?.isShared(stakeholdersOf(draft), recordTimeMicros) ?? false;
  return isShared ? share(writer, draft, recordTimeMicros) : writeAlone(ledger, draft, recordTimeMicros);
}

function share({ ledger, topology, uid }: Writer, draft: Draft, recordTimeMicros: number): LedgerEntry {
  const order = topology.order(draft.synchronizerId);
  if (!order?.isOpen) throw new Error('a disconnected participant has no shared transaction ordered');
  const { workflowId, commandId, submission, created } = draft;
  const archived = draft.archived.map(({ contractId, stakeholders }) => ({ contractId, stakeholders }));
  const updateId = newUpdateId();
  order.publish({
    updateId,
    workflowId,
    recordTimeMicros,
    effectiveAtMicros: effectiveAt(draft, recordTimeMicros),
    submitterUid: uid,
    commandId,
    ...(submission && { submission }),
    created,
    archived,
  });
  const entry = ledger.findUpdate(updateId) ?? completion(ledger, draft, updateId, recordTimeMicros);
  if (!entry) throw new Error('a transaction left no entry in the ledger of its submitter');
  return entry;
}

/** A submitter that hosts nobody whom the transaction concerns has no more of it than that it is done. */
function completion(ledger: Ledger, draft: Draft, updateId: string, recordTimeMicros: number) {
  const { synchronizerId, commandId, submission } = draft;
  const entry = { synchronizerId, updateId, recordTimeMicros, commandId };
  return ledger.commit([{ ...entry, ...(submission && { submission }) }])[0];
}

function writeAlone(ledger: Ledger, draft: Draft, recordTimeMicros: number): LedgerEntry {
  const { synchronizerId, workflowId, commandId, submission } = draft;
  for (const contract of draft.created) {
    const representativePackageId = contract.template.packageId;
    ledger.append(contract, { synchronizerId, representativePackageId, reassignmentCounter: 0 });
  }
  const [entry] = ledger.commit([
    {
      synchronizerId,
      workflowId,
      commandId,
      ...(submission && { submission }),
      recordTimeMicros,
      effectiveAtMicros: effectiveAt(draft, recordTimeMicros),
      created: draft.created.length,
      ended: draft.archived.flatMap(({ slot }) =>
        slot === undefined ? [] : { slot, end: 'archived' as const },
      ),
    },
  ]);
  if (!entry) throw new Error('a transaction left no entry in the ledger');
  return entry;
}

function effectiveAt({ effectiveAtMicros }: Draft, recordTimeMicros: number): number {
  return effectiveAtMicros ?? recordTimeMicros - ORDERING_MICROS;
}
