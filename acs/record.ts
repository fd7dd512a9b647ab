import { malformed } from './errors.js';
import type { FrameReader } from './framing.js';
import { readDomainRecord } from './record-210.js';
import { readSynchronizerRecord } from './record-30.js';
import { RecordParts } from './record-parts.js';
import { LENGTH_DELIMITED, VARINT } from './wire.js';

/** By the version of a record: that of 2.10 is not written. */
const READERS = new Map([
  [30, readSynchronizerRecord],
  [0, readDomainRecord],
]);
/** Real ones have 138 characters, with a limit of 255 by Daml's rules. */
const MAX_CONTRACT_ID_BYTES = 255;

/**
 * One record of an export, read in place: `decode` moves it to the next record and allocates only the
 * stakeholders' names; the other strings are made when asked for.
 *
 * Layout: `UntypedVersionedMessage{data, version}`, by whose version the content is read. Party and contract ids
 * are ASCII by Daml's rules. Source: admin-api 2.1; canton-2.10 2.
 */
export class ContractRecord extends RecordParts {
  /** Read the record that `frames` shows. Fails with `RecordMalformed` or `RecordVersionUnsupported`. */
  decode({ bytes, start, end, count }: FrameReader): void {
    this.clear(bytes);
    this.wire.recordNumber = count;
    this.readerOf(start, end)(this);
    if (!this.hasEvent) return;
    const { start: idStart, end: idEnd } = this.contractIdSpan;
    if (idEnd - idStart <= MAX_CONTRACT_ID_BYTES) return;
    throw malformed('RecordMalformed', `record ${count} has a contract id of ${idEnd - idStart} bytes`);
  }

  /** Position in the export, from 1. */
  get number(): number {
    return this.wire.recordNumber;
  }

  get contractId(): string {
    return this.text(this.contractIdSpan);
  }

  get synchronizerId(): string {
    return this.text(this.synchronizer);
  }

  get packageNameText(): string {
    return this.text(this.packageName);
  }

  get templatePackageId(): string {
    return this.text(this.templatePackage);
  }

  /** `package id:module:entity`. */
  get templateId(): string {
    return [this.templatePackage, this.templateModule, this.templateEntity]
      .map((span) => this.text(span))
      .join(':');
  }

  /** Empty if the export leaves it out; the template's package stands in then. */
  get representativePackageId(): string {
    return this.text(this.representativePackage);
  }

  /** Leaves `layer` on the content. */
  private readerOf(start: number, end: number): (parts: RecordParts) => void {
    let version = 0;
    const { wire } = this;
    wire.enter(this.bytes, start, end);
    while (wire.next()) {
      if (wire.field === 1) this.layer.set(this.typed(LENGTH_DELIMITED));
      else if (wire.field === 2) version = this.typed(VARINT).varint;
    }
    const read = READERS.get(version);
    if (read) return read;
    throw malformed(
      'RecordVersionUnsupported',
      `record ${this.number} has version ${version}, expected 30 of Canton 3 or none of Canton 2.10`,
    );
  }
}
