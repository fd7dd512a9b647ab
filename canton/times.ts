import { fromJson } from '@bufbuild/protobuf';
import { TimestampSchema, type Timestamp } from '@bufbuild/protobuf/wkt';

/** Returns a time as RFC 3339 in UTC with all six digits of its microseconds: as texts, such times sort by time. */
export function toMicroseconds({ seconds, nanos }: Timestamp): string {
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}.${`${Math.trunc(nanos / 1000)}`.padStart(6, '0')}Z`;
}

/** Returns an RFC 3339 time as Canton writes it. */
export function fromRfc3339(time: string): Timestamp {
  return fromJson(TimestampSchema, time);
}
