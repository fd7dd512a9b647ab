import { extend, type RecordParts } from './record-parts.js';
import { LENGTH_DELIMITED } from './wire.js';

/**
 * Reads a record of Canton 2.10, of which `layer` shows the content: `ActiveContract{protocol_version, domain_id,
 * contract}` around an `UntypedVersionedMessage` with the `SerializableContract`.
 *
 * Its digest covers everything: two nodes write a contract with the same bytes. It is never written again: a node
 * takes any content, and breaks when that is used. Source: canton-2.10 2; canton-2.10 H, item 2.
 */
export function readDomainRecord(parts: RecordParts): void {
  const wire = parts.enterLast();
  while (wire.next()) {
    if (wire.field === 3) parts.layer.set(parts.typed(LENGTH_DELIMITED));
    else extend(parts.contractRuns, wire);

    if (wire.field === 2) parts.synchronizer.set(parts.typed(LENGTH_DELIMITED));
  }
  parts.hasEvent = parts.layer.end > 0;
  if (!parts.hasEvent) return;
  readVersionedContract(parts);
  readInstance(parts);
}

/** Leaves `layer` on the contract instance. */
function readVersionedContract(parts: RecordParts): void {
  const { layer } = parts;
  const wrapper = parts.enterLast();
  while (wrapper.next()) {
    if (wrapper.field === 1) layer.set(parts.typed(LENGTH_DELIMITED));
    else extend(parts.contractRuns, wrapper);
  }
  const wire = parts.enterLast();
  let metadata = 0;
  let metadataEnd = 0;
  while (wire.next()) {
    extend(parts.eventRuns, wire);
    if (wire.field === 1) parts.contractIdSpan.set(parts.typed(LENGTH_DELIMITED));
    else if (wire.field === 2) layer.set(parts.typed(LENGTH_DELIMITED));
    else if (wire.field === 3) {
      metadata = parts.typed(LENGTH_DELIMITED).valueStart;
      metadataEnd = wire.valueEnd;
    }
  }
  parts.hasBlob = layer.end > layer.start;
  readStakeholders(parts, metadata, metadataEnd);
}

/** Of `Metadata`: maintainers sign, too. */
function readStakeholders(parts: RecordParts, start: number, end: number): void {
  const { wire } = parts;
  wire.enter(parts.bytes, start, end);
  while (wire.next()) {
    if (wire.field === 1 || wire.field === 4) parts.signatories.push(parts.party());
    else if (wire.field === 2) parts.observers.push(parts.party());
  }
}

/** Only the package of the template: an instance as Daml-LF writes it. */
function readInstance(parts: RecordParts): void {
  const { template, wire } = parts;
  parts.enter();
  while (wire.next()) if (wire.field === 1) template.set(parts.typed(LENGTH_DELIMITED));
  wire.enter(parts.bytes, template.start, template.end);
  while (wire.next()) if (wire.field === 1) parts.templatePackage.set(parts.typed(LENGTH_DELIMITED));
}
