import { malformed } from './errors.js';
import { LENGTH_DELIMITED, WireReader } from './wire.js';

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

/** Where the parts of one record are, as the reader of its layout leaves them. */
export class RecordParts {
  bytes: Buffer = Buffer.alloc(0);
  hasEvent = false;
  hasBlob = false;
  /** Exact below 2^53; only 0 can be imported. */
  reassignmentCounter = 0;
  readonly signatories: string[] = [];
  readonly observers: string[] = [];
  readonly contractIdSpan = new Span();

  /**
   * What the contract's digest covers: runs of fields as start, end, start, end. Stakeholders are digested by
   * name.
   */
  readonly eventRuns: number[] = [];
  readonly contractRuns: number[] = [];

  readonly wire = new WireReader();
  readonly synchronizer = new Span();
  readonly packageName = new Span();
  readonly templatePackage = new Span();
  readonly templateModule = new Span();
  readonly templateEntity = new Span();
  readonly representativePackage = new Span();
  readonly template = new Span();
  /** The message that is read next. */
  readonly layer = new Span();

  protected clear(bytes: Buffer): void {
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

  /** Steps into the message that `layer` shows. */
  enter(): WireReader {
    const { wire, layer } = this;
    wire.enter(this.bytes, layer.start, layer.end);
    return wire;
  }

  /** The same, and `layer` is empty until the next one is found. */
  enterLast(): WireReader {
    const wire = this.enter();
    this.layer.clear();
    return wire;
  }

  /** The current field, which must have this wire type. */
  typed(wireType: number): WireReader {
    const { wire } = this;
    if (wire.wireType === wireType) return wire;
    const found = `field ${wire.field} in record ${wire.recordNumber} has wire type ${wire.wireType}`;
    throw malformed('RecordMalformed', `${found}, expected ${wireType}`);
  }

  party(): string {
    const { valueStart, valueEnd } = this.typed(LENGTH_DELIMITED);
    return this.bytes.toString('latin1', valueStart, valueEnd);
  }

  protected text(span: Span): string {
    return this.bytes.toString('latin1', span.start, span.end);
  }
}

/** Add the current field to `runs`; fields that follow each other make one run. */
export function extend(runs: number[], wire: WireReader): void {
  if (runs[runs.length - 1] === wire.fieldStart) runs[runs.length - 1] = wire.valueEnd;
  else runs.push(wire.fieldStart, wire.valueEnd);
}
