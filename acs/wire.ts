import { malformed } from './errors.js';

/** Wire type of a varint field. */
export const VARINT = 0;
/** Wire type of strings, bytes and messages. */
export const LENGTH_DELIMITED = 2;

/**
 * Steps through the fields of one protobuf message without copying or allocating.
 *
 * Set on a byte range with `enter`; each `next` moves to the following field and is false at the end.
 * Fails with `RecordMalformed` where the bytes cannot be a message.
 */
export class WireReader {
  /** For messages: which record of the export this is, from 1. */
  recordNumber = 0;
  bytes: Buffer = Buffer.alloc(0);
  /** Of the current field: number, wire type, where its tag starts, and its value without length. */
  field = 0;
  wireType = 0;
  fieldStart = 0;
  valueStart = 0;
  valueEnd = 0;
  /** Value of a varint field; exact below 2^53. */
  varint = 0;

  private at = 0;
  private end = 0;

  enter(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  next(): boolean {
    if (this.at >= this.end) return false;

    this.fieldStart = this.at;
    const tag = this.readVarint();
    this.field = Math.floor(tag / 8);
    this.wireType = tag & 7;
    this.valueStart = this.at;
    this.valueEnd = this.readValueEnd();
    if (this.field === 0 || this.valueEnd > this.end)
      throw this.broken('a field reaches beyond its message');

    this.at = this.valueEnd;
    return true;
  }

  private readValueEnd(): number {
    switch (this.wireType) {
      case VARINT:
        this.varint = this.readVarint();
        return this.at;
      case LENGTH_DELIMITED: {
        const length = this.readVarint();
        this.valueStart = this.at;
        return this.at + length;
      }
      case 1:
        return this.at + 8;
      case 5:
        return this.at + 4;
      default:
        throw this.broken(`field ${this.field} has wire type ${this.wireType}`);
    }
  }

  private readVarint(): number {
    let value = 0;
    let scale = 1;
    for (let length = 0; length < 10 && this.at < this.end; length++) {
      const byte = this.bytes[this.at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw this.broken('a varint does not end');
  }

  private broken(what: string): Error {
    return malformed(
      'RecordMalformed',
      `record ${this.recordNumber} is not a protobuf message: ${what}`,
    );
  }
}
