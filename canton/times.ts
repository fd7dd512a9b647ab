import { create, fromJson } from '@bufbuild/protobuf';
import { TimestampSchema, type Timestamp } from '@bufbuild/protobuf/wkt';

import { refused } from '../model/failure.js';

// Source: Protobuf docs, "Timestamp".
const FIRST_SECOND = -62_135_596_800n;
const LAST_SECOND = 253_402_300_799n;

/** Returns a time as RFC 3339 in UTC with all six digits of its microseconds: as texts, such times sort by time. Fails with `AnswerInvalid`. */
export function toMicroseconds({ seconds, nanos }: Timestamp): string {
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos >= 1_000_000_000) {
    const found = `${seconds} s and ${nanos} ns since 1970`;
    throw refused('AnswerInvalid', `a time of ${found}, expected one of the years 1 to 9999`);
  }
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}.${`${Math.trunc(nanos / 1000)}`.padStart(6, '0')}Z`;
}

/** Returns a time of microseconds since 1970 as {@link toMicroseconds} does. */
export function rfc3339OfMicros(micros: bigint): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = (micros - rest) / 1_000_000n;
  return toMicroseconds(create(TimestampSchema, { seconds, nanos: Number(rest) * 1000 }));
}

/** Returns an RFC 3339 time as Canton writes it. */
export function fromRfc3339(time: string): Timestamp {
  return fromJson(TimestampSchema, time);
}
