import { malformed } from './errors.js';
import type { FrameReader } from './framing.js';
import { LENGTH_DELIMITED, VARINT, WireReader } from './wire.js';

const RECORD_VERSION = 30;
/** Real ones have 138 characters, with a limit of 255 by Daml's rules. */
const MAX_CONTRACT_ID_BYTES = 255;

/** A byte range of the current record: start and end, both 0 while absent. */
class Span {
  start = 0;
  end = 0;

  set(wire: WireReader): void {
    this.start = wire.valueStart;
    this.end = wire.valueEnd;
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
  }
}

/**
 * One record of an export, read in place: `decode` moves it to the next record and allocates only the
 * stakeholders' names; the other strings are made when asked for.
 *
 * Layout: `UntypedVersionedMessage{data, version}` around `ActiveContract{active_contract}` of the Admin
 * API around `ActiveContract` of the Ledger API. Party and contract ids are ASCII by Daml's rules.
 * Source: admin-api 2.1; proto CreatedEvent.
 */
export class ContractRecord {
  bytes: Buffer = Buffer.alloc(0);
  hasEvent = false;
  hasBlob = false;
  /** Exact below 2^53; only 0 can be imported. */
  reassignmentCounter = 0;
  readonly signatories: string[] = [];
  readonly observers: string[] = [];
  /** Where the contract id is in `bytes`. */
  readonly contractIdSpan = new Span();

  /**
   * What the contract's digest covers: runs of fields as start, end, start, end.
   * Left out are `offset`, `node_id` and `witness_parties`; stakeholders are digested by name.
   */
  readonly eventRuns: number[] = [];
  readonly contractRuns: number[] = [];

  private readonly wire = new WireReader();
  private readonly synchronizer = new Span();
  private readonly packageName = new Span();
  private readonly templatePackage = new Span();
  private readonly templateModule = new Span();
  private readonly templateEntity = new Span();
  private readonly representativePackage = new Span();
  private readonly template = new Span();
  private readonly layer = new Span();

  /** Read the record that `frames` shows. Fails with `RecordMalformed` or `RecordVersionUnsupported`. */
  decode({ bytes, start, end, count }: FrameReader): void {
    this.clear(bytes);
    this.wire.recordNumber = count;
    this.readEnvelope(start, end);
    this.readSnapshotRecord();
    this.readContract();
    if (!this.hasEvent) return;

    this.readEvent();
    this.readTemplate();
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

  private clear(bytes: Buffer): void {
    this.bytes = bytes;
    this.hasEvent = false;
    this.hasBlob = false;
    this.reassignmentCounter = 0;
    this.signatories.length = 0;
    this.observers.length = 0;
    this.eventRuns.length = 0;
    this.contractRuns.length = 0;
    this.contractIdSpan.clear();
    this.synchronizer.clear();
    this.packageName.clear();
    this.templatePackage.clear();
    this.templateModule.clear();
    this.templateEntity.clear();
    this.representativePackage.clear();
    this.template.clear();
    this.layer.clear();
  }

  private readEnvelope(start: number, end: number): void {
    let version = 0;
    const { wire } = this;
    wire.enter(this.bytes, start, end);
    while (wire.next()) {
      if (wire.field === 1) this.layer.set(this.typed(LENGTH_DELIMITED));
      else if (wire.field === 2) version = this.typed(VARINT).varint;
    }
    if (version === RECORD_VERSION) return;
    throw malformed(
      'RecordVersionUnsupported',
      `record ${this.number} has version ${version}, expected ${RECORD_VERSION}`,
    );
  }

  private readSnapshotRecord(): void {
    const { wire, layer } = this;
    wire.enter(this.bytes, layer.start, layer.end);
    layer.clear();
    while (wire.next()) if (wire.field === 1) layer.set(this.typed(LENGTH_DELIMITED));
  }

  /** Leaves `layer` on the created event. */
  private readContract(): void {
    const { wire, layer } = this;
    wire.enter(this.bytes, layer.start, layer.end);
    while (wire.next()) {
      if (wire.field === 1) this.foundEvent();
      else extend(this.contractRuns, wire);

      if (wire.field === 2) this.synchronizer.set(this.typed(LENGTH_DELIMITED));
      else if (wire.field === 3) this.reassignmentCounter = this.typed(VARINT).varint;
    }
  }

  private foundEvent(): void {
    if (this.hasEvent)
      throw malformed('RecordMalformed', `record ${this.number} has two created events`);
    this.hasEvent = true;
    this.layer.set(this.typed(LENGTH_DELIMITED));
  }

  private readEvent(): void {
    const { wire, layer } = this;
    wire.enter(this.bytes, layer.start, layer.end);
    while (wire.next()) this.readEventField();
  }

  private readEventField(): void {
    const { wire } = this;
    switch (wire.field) {
      case 1: // offset: position on the exporting node
      case 2: // node_id: position on the exporting node
      case 9: // witness_parties: depends on who reads
        return;
      case 10:
        this.signatories.push(this.party());
        return;
      case 11:
        this.observers.push(this.party());
        return;
      case 3:
        this.contractIdSpan.set(this.typed(LENGTH_DELIMITED));
        break;
      case 4:
        this.template.set(this.typed(LENGTH_DELIMITED));
        break;
      case 7:
        this.hasBlob = this.typed(LENGTH_DELIMITED).valueEnd > wire.valueStart;
        break;
      case 13:
        this.packageName.set(this.typed(LENGTH_DELIMITED));
        break;
      case 15:
        this.representativePackage.set(this.typed(LENGTH_DELIMITED));
        break;
    }
    extend(this.eventRuns, wire);
  }

  private readTemplate(): void {
    const { wire, template } = this;
    wire.enter(this.bytes, template.start, template.end);
    while (wire.next()) {
      if (wire.field === 1) this.templatePackage.set(this.typed(LENGTH_DELIMITED));
      else if (wire.field === 2) this.templateModule.set(this.typed(LENGTH_DELIMITED));
      else if (wire.field === 3) this.templateEntity.set(this.typed(LENGTH_DELIMITED));
    }
  }

  /** The current field, which must have this wire type. */
  private typed(wireType: number): WireReader {
    const { wire } = this;
    if (wire.wireType === wireType) return wire;
    const found = `field ${wire.field} in record ${this.number} has wire type ${wire.wireType}`;
    throw malformed('RecordMalformed', `${found}, expected ${wireType}`);
  }

  private party(): string {
    const { valueStart, valueEnd } = this.typed(LENGTH_DELIMITED);
    return this.bytes.toString('latin1', valueStart, valueEnd);
  }

  private text(span: Span): string {
    return this.bytes.toString('latin1', span.start, span.end);
  }
}

/** Add the current field to `runs`; fields that follow each other make one run. */
function extend(runs: number[], wire: WireReader): void {
  if (runs[runs.length - 1] === wire.fieldStart) runs[runs.length - 1] = wire.valueEnd;
  else runs.push(wire.fieldStart, wire.valueEnd);
}
