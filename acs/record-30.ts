import { malformed } from './errors.js';
import { extend, type RecordParts } from './record-parts.js';
import { LENGTH_DELIMITED, VARINT } from './wire.js';

/**
 * Reads a record of Canton 3, of which `layer` shows the content: `ActiveContract{active_contract}` of the Admin
 * API around `ActiveContract` of the Ledger API.
 *
 * Its digest leaves out `offset`, `node_id` and `witness_parties`. Source: admin-api 2.1; proto CreatedEvent.
 */
export function readSynchronizerRecord(parts: RecordParts): void {
  const wire = parts.enterLast();
  while (wire.next()) if (wire.field === 1) parts.layer.set(parts.typed(LENGTH_DELIMITED));
  readContract(parts);
  if (!parts.hasEvent) return;
  readEvent(parts);
  readTemplate(parts);
}

/** Leaves `layer` on the created event. */
function readContract(parts: RecordParts): void {
  const wire = parts.enter();
  while (wire.next()) {
    if (wire.field === 1) foundEvent(parts);
    else extend(parts.contractRuns, wire);

    if (wire.field === 2) parts.synchronizer.set(parts.typed(LENGTH_DELIMITED));
    else if (wire.field === 3) parts.reassignmentCounter = parts.typed(VARINT).varint;
  }
}

function foundEvent(parts: RecordParts): void {
  if (parts.hasEvent)
    throw malformed('RecordMalformed', `record ${parts.wire.recordNumber} has two created events`);
  parts.hasEvent = true;
  parts.layer.set(parts.typed(LENGTH_DELIMITED));
}

function readEvent(parts: RecordParts): void {
  const wire = parts.enter();
  while (wire.next()) readEventField(parts);
}

function readEventField(parts: RecordParts): void {
  const { wire } = parts;
  switch (wire.field) {
    case 1: // offset: position on the exporting node
    case 2: // node_id: position on the exporting node
    case 9: // witness_parties: depends on who reads
      return;
    case 10:
      parts.signatories.push(parts.party());
      return;
    case 11:
      parts.observers.push(parts.party());
      return;
    case 3:
      parts.contractIdSpan.set(parts.typed(LENGTH_DELIMITED));
      break;
    case 4:
      parts.template.set(parts.typed(LENGTH_DELIMITED));
      break;
    case 7:
      parts.hasBlob = parts.typed(LENGTH_DELIMITED).valueEnd > wire.valueStart;
      break;
    case 13:
      parts.packageName.set(parts.typed(LENGTH_DELIMITED));
      break;
    case 15:
      parts.representativePackage.set(parts.typed(LENGTH_DELIMITED));
      break;
  }
  extend(parts.eventRuns, wire);
}

function readTemplate(parts: RecordParts): void {
  const { wire, template } = parts;
  wire.enter(parts.bytes, template.start, template.end);
  while (wire.next()) {
    if (wire.field === 1) parts.templatePackage.set(parts.typed(LENGTH_DELIMITED));
    else if (wire.field === 2) parts.templateModule.set(parts.typed(LENGTH_DELIMITED));
    else if (wire.field === 3) parts.templateEntity.set(parts.typed(LENGTH_DELIMITED));
  }
}
