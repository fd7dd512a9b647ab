import { setImmediate as turn } from 'node:timers/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { CantonRefusal } from '../errors.js';
import { serverStream, type CallInfo, type Service } from '../grpc.js';
import { encode, Encoded, type Decoded, type Encodable } from '../wire.js';
import { keysOf, type StoredContract } from './contract-file.js';
import { createdEvent, createdEventBytes, field, timestamp, type EventPlace } from './created-event.js';
import { verbose } from './iou.js';
import { EventFilter } from './event-filter.js';
import type { LedgerEntry, PartyAuthorization } from './entry.js';
import type { Ledger } from './ledger.js';
import { reassignmentMessage } from './reassigning.js';

type Api = 'com.daml.ledger.api.v2';
type Format = Decoded<`${Api}.UpdateFormat`>;
type Update = Encodable<`${Api}.GetUpdatesResponse`>;
type Transaction = Encodable<`${Api}.Transaction`>;
type TransactionEvent = Encodable<`${Api}.Event`>;

/** An event of a transaction as a filter shows it; one that created a contract is put together from the stored one. */
type ShownEvent =
  | { readonly archived: TransactionEvent['archived'] }
  | { readonly stored: StoredContract; readonly place: EventPlace };

/** How often an open-ended stream looks for new entries, in milliseconds. */
const POLL_MS = 50;

/** Returns the handlers of the Ledger API's UpdateService. */
export function updateService(parts: {
  readonly ledger: Ledger;
  readonly name: string;
}): Service<`${Api}.UpdateService`> {
  return { GetUpdates: serverStream((request, call) => updates(parts, request, call)) };
}

async function* updates(
  { ledger, name }: { readonly ledger: Ledger; readonly name: string },
  request: Decoded<`${Api}.GetUpdatesRequest`>,
  call: CallInfo,
): AsyncGenerator<Update | Encoded> {
  const begin = Number(request.begin_exclusive ?? 0);
  const end = request.end_inclusive === undefined ? undefined : Number(request.end_inclusive);
  const shape = updateShape(request.update_format);
  check(ledger, name, begin, end);

  let last = begin;
  for (;;) {
    const until = Math.min(end ?? Infinity, ledger.end);
    for (const entry of ledger.between(last, until)) {
      if (call.signal.aborted) return;
      const update = shape(ledger, entry);
      if (update) yield update;
      await turn();
    }
    last = Math.max(last, until);
    if (end !== undefined && last >= end) return;
    if (call.signal.aborted) return;
    await wait(POLL_MS);
  }
}

function check(ledger: Ledger, name: string, begin: number, end: number | undefined): void {
  const after = [
    ['begin_exclusive', begin],
    ['end_inclusive', end ?? 0],
  ] as const;
  for (const [field, offset] of after) {
    if (offset <= ledger.end) continue;
    throw new CantonRefusal({
      id: 'OFFSET_AFTER_LEDGER_END',
      category: 12,
      cause: `${field} offset (${offset}) is after ledger end (${ledger.end})`,
      metadata: { participant: `'${name}'` },
      definiteAnswer: false,
    });
  }
  if (begin >= ledger.pruned) return;
  throw new CantonRefusal({
    id: 'PARTICIPANT_PRUNED_DATA_ACCESSED',
    category: 9,
    cause: `Updates request from ${begin} to ${end ?? ledger.end} precedes pruned offset ${ledger.pruned}`,
    metadata: { participant: `'${name}'`, earliest_offset: String(ledger.pruned) },
    definiteAnswer: false,
  });
}

function updateShape(format: Format | undefined) {
  const transactions = format?.include_transactions?.event_format;
  const filter = transactions && new EventFilter(transactions);
  const reassigned = format?.include_reassignments;
  const moves = reassigned && new EventFilter(reassigned);
  const topology = format?.include_topology_events?.include_participant_authorization_events;
  const parties = topology && new Set(topology.parties);
  return (ledger: Ledger, entry: LedgerEntry): Update | Encoded | undefined => {
    if (entry.authorizations) return parties && topologyUpdate(entry, entry.authorizations, parties);
    if (entry.unassignment || entry.assignment) {
      const reassignment = moves && reassignmentMessage(ledger, entry, moves);
      return reassignment && { reassignment };
    }
    if (!filter) return undefined;
    // An import has no command behind it: golden35/pv35-happy-kms.jsonl 53.
    const trace = entry.commandId && { trace_context: { traceparent: traceOf(entry.updateId) } };
    if (!filter.isVerbose) return encodedTransaction(ledger, entry, filter, { ...trace });
    const transaction = transactionMessage(ledger, entry, filter);
    return transaction && { transaction: { ...transaction, ...trace } };
  };
}

function topologyUpdate(
  entry: LedgerEntry,
  authorizations: readonly PartyAuthorization[],
  parties: ReadonlySet<string>,
): Update | undefined {
  const events = authorizations
    .filter(({ party }) => parties.size === 0 || parties.has(party))
    .map(authorizationEvent);
  if (events.length === 0) return undefined;
  return {
    topology_transaction: {
      update_id: entry.updateId,
      offset: String(entry.offset),
      synchronizer_id: entry.synchronizerId,
      record_time: timestamp(entry.recordTimeMicros),
      events,
      // The node's own onboarding, its first event, has no call behind it: golden/topology.jsonl 105.
      ...(entry.offset > 1 && { trace_context: { traceparent: traceOf(entry.updateId) } }),
    },
  };
}

function authorizationEvent(authorization: PartyAuthorization): Encodable<`${Api}.TopologyEvent`> {
  const { kind, party, participantUid, permission } = authorization;
  const event = {
    party_id: party,
    participant_id: participantUid,
    ...(kind !== 'revoked' && permission && { participant_permission: permission }),
  };
  return { [`participant_authorization_${kind}`]: event };
}

function traceOf(updateId: string): string {
  return `00-${updateId.slice(4, 36)}-${updateId.slice(36, 52)}-03`;
}

/** Returns a ledger transaction as the filter shows it, undefined where none of its events is shown. */
export function transactionMessage(
  ledger: Ledger,
  entry: LedgerEntry,
  filter: EventFilter,
): Transaction | undefined {
  const events = [...shownEvents(ledger, entry, filter)].map((event): TransactionEvent => {
    if ('archived' in event) return event;
    const created = createdEvent(event.stored, event.place);
    return { created: filter.isVerbose ? verbose(created) : created };
  });
  return events.length > 0 ? { ...headOf(entry), events } : undefined;
}

/** The answer with a ledger transaction: an import makes one of hundreds of contracts. */
function encodedTransaction(
  ledger: Ledger,
  entry: LedgerEntry,
  filter: EventFilter,
  more: Transaction,
): Encoded | undefined {
  const parts: Uint8Array[] = [];
  for (const event of shownEvents(ledger, entry, filter)) {
    const bytes =
      'archived' in event
        ? encode('com.daml.ledger.api.v2.Event', event)
        : field(1, createdEventBytes(event.stored, event.place));
    parts.push(field(5, bytes));
  }
  if (parts.length === 0) return undefined;
  const head = encode('com.daml.ledger.api.v2.Transaction', { ...headOf(entry), ...more });
  return new Encoded(Buffer.from(field(1, Buffer.concat([head, ...parts]))), 0);
}

function headOf(entry: LedgerEntry): Transaction {
  return {
    update_id: entry.updateId,
    ...(entry.commandId && { command_id: entry.commandId }),
    ...(entry.workflowId && { workflow_id: entry.workflowId }),
    effective_at: timestamp(entry.effectiveAtMicros),
    offset: String(entry.offset),
    synchronizer_id: entry.synchronizerId,
    record_time: timestamp(entry.recordTimeMicros),
  };
}

function* shownEvents(ledger: Ledger, entry: LedgerEntry, filter: EventFilter): Generator<ShownEvent> {
  for (const { slot, end } of entry.ended) {
    if (end === 'unassigned') continue;
    const archived = archivedEvent(ledger, entry, slot, filter);
    if (archived) yield { archived };
  }
  for (let i = 0; i < entry.created; i++) {
    const slot = entry.firstSlot + i;
    const stored = ledger.scan(slot);
    const match = filter.match(
      ledger.index.stakeholders(slot),
      filter.isPlain ? undefined : keysOf(stored).template,
    );
    if (!match) continue;
    yield { stored, place: { offset: entry.offset, nodeId: ledger.index.nodeId(slot), ...match } };
  }
}

function archivedEvent(
  ledger: Ledger,
  entry: LedgerEntry,
  slot: number,
  filter: EventFilter,
): TransactionEvent['archived'] {
  const { template, contractId } = keysOf(ledger.read(slot));
  const match = filter.match(ledger.index.stakeholders(slot), template);
  if (!match) return undefined;
  const { packageId, moduleName, entityName, packageName } = template;
  return {
    offset: String(entry.offset),
    contract_id: contractId,
    template_id: { package_id: packageId, module_name: moduleName, entity_name: entityName },
    witness_parties: match.witnesses,
    package_name: packageName,
  };
}
