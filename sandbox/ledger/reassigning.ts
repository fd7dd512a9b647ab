import type { Encodable } from '../wire.js';
import { decodeBlob } from './contract.js';
import { blobOf, keysOf, type StoredContract } from './contract-file.js';
import { createdEvent, timestamp } from './created-event.js';
import {
  newUpdateId,
  type LedgerEntry,
  type NewEntry,
  type Reassignment,
  type Unassignment,
} from './entry.js';
import type { EventFilter } from './event-filter.js';
import type { Ledger } from './ledger.js';
import type { Writer } from './writing.js';

/** Takes an active contract off its synchronizer, on every host of its stakeholders. */
export function unassign({ uid, ledger, topology }: Writer, contractId: string, target: string): void {
  const slot = ledger.find(contractId);
  if (slot === undefined || !ledger.isActive(slot))
    throw new Error(`contract ${contractId} is not active`);
  const { synchronizerId: source } = ledger.index.row(slot);
  const reassignment = { source, target, reassignmentId: `00${newUpdateId().slice(4)}` };
  const stakeholders = ledger.index.stakeholders(slot).all;
  const order = topology.order(source);
  const recordTimeMicros = order?.nextTime() ?? ledger.now();
  if (!order?.isOpen || !order.isShared(stakeholders, recordTimeMicros)) {
    ledger.commit([{ synchronizerId: source, ...unassigning(slot, reassignment) }]);
    return;
  }
  order.publish({
    updateId: newUpdateId(),
    workflowId: '',
    recordTimeMicros,
    effectiveAtMicros: recordTimeMicros,
    submitterUid: uid,
    commandId: '',
    created: [],
    archived: [],
    unassigned: { ...reassignment, contractId, stakeholders },
  });
}

/** Returns what an entry of the ledger says of a contract that leaves its synchronizer. */
export function unassigning(slot: number, reassignment: Reassignment): Omit<NewEntry, 'synchronizerId'> {
  return { ended: [{ slot, end: 'unassigned' }], unassignment: { slot, ...reassignment } };
}

/** Puts a contract that is on its way onto the synchronizer it goes to: one of this node's own. */
export function assign(ledger: Ledger, contractId: string): void {
  const slot = ledger.find(contractId);
  const found = ledger.incomplete(ledger.end).find((one) => one.slot === slot);
  if (!found) throw new Error(`contract ${contractId} is not on its way`);
  const { source, target, reassignmentId } = found;
  const stored = ledger.read(found.slot);
  ledger.append(decodeBlob(blobOf(stored)), {
    synchronizerId: target,
    representativePackageId: decodeBlob(blobOf(stored)).template.packageId,
    reassignmentCounter: stored.reassignmentCounter + 1,
  });
  const assignment = { source, target, reassignmentId };
  ledger.commit([{ synchronizerId: target, created: 1, assignment }]);
}

/** Returns an `UnassignedEvent` as a message. */
export function unassignedEvent(
  { reassignmentId, source, target, offset }: Unassignment & { readonly offset: number },
  stored: StoredContract,
  witness_parties: string[],
): Encodable<'com.daml.ledger.api.v2.UnassignedEvent'> {
  const { contractId, template } = keysOf(stored);
  const { packageId, moduleName, entityName, packageName } = template;
  return {
    reassignment_id: reassignmentId,
    contract_id: contractId,
    template_id: { package_id: packageId, module_name: moduleName, entity_name: entityName },
    source,
    target,
    reassignment_counter: String(stored.reassignmentCounter + 1),
    witness_parties,
    package_name: packageName,
    offset: String(offset),
  };
}

/** Returns a `Reassignment` as the filter shows it, undefined where its event is filtered out. */
export function reassignmentMessage(
  ledger: Ledger,
  entry: LedgerEntry,
  filter: EventFilter,
): Encodable<'com.daml.ledger.api.v2.Reassignment'> | undefined {
  const { unassignment, assignment, offset } = entry;
  const slot = unassignment?.slot ?? entry.firstSlot;
  const stored = ledger.read(slot);
  const match = filter.match(ledger.index.stakeholders(slot), keysOf(stored).template);
  if (!match) return undefined;
  const event = unassignment
    ? { unassigned: unassignedEvent({ ...unassignment, offset }, stored, match.witnesses) }
    : assignment && { assigned: assignedEvent(assignment, stored, { offset, nodeId: 0, ...match }) };
  return {
    update_id: entry.updateId,
    offset: String(offset),
    events: event ? [event] : [],
    record_time: timestamp(entry.recordTimeMicros),
    synchronizer_id: entry.synchronizerId,
  };
}

function assignedEvent(
  { source, target, reassignmentId }: Reassignment,
  stored: StoredContract,
  place: Parameters<typeof createdEvent>[1],
): Encodable<'com.daml.ledger.api.v2.AssignedEvent'> {
  return {
    source,
    target,
    reassignment_id: reassignmentId,
    reassignment_counter: String(stored.reassignmentCounter),
    created_event: createdEvent(stored, place),
  };
}
