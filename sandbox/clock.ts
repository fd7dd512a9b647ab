import type { Clock } from './node.js';
import type { Decoded } from './wire.js';

/**
 * Returns a clock in real time whose readings are unique, and spread over the microseconds: at whole milliseconds an event
 * would too often have the time at which a topology change takes effect.
 */
export function systemClock(): Clock {
  let last = 0n;
  return {
    nowMicros: () => {
      const now = BigInt(Date.now()) * 1000n + ((process.hrtime.bigint() / 1000n) % 1000n);
      last = now > last ? now : last + 1n;
      return last;
    },
  };
}

/** A `google.protobuf.Timestamp` as our messages carry it. */
export interface Timestamp {
  readonly seconds: string;
  readonly nanos: number;
}

/** Splits microseconds since 1970 into a protobuf timestamp; negative times round towards the past. */
export function timestamp(micros: bigint): Timestamp {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return { seconds: String((micros - rest) / 1_000_000n), nanos: Number(rest) * 1000 };
}

/** Joins a protobuf timestamp or duration into microseconds. */
export function micros({ seconds = '0', nanos = 0 }: Decoded<'google.protobuf.Timestamp'>): bigint {
  return BigInt(seconds) * 1_000_000n + BigInt(Math.trunc(nanos / 1000));
}

/** Runs an action once its time has come; returns how to call it off. Never keeps the process alive. */
export function at(whenMicros: bigint, action: () => void): () => void {
  const now = BigInt(Date.now()) * 1000n;
  const delayMs = whenMicros > now ? Math.ceil(Number(whenMicros - now) / 1000) : 0;
  const timer = setTimeout(action, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Writes microseconds since 1970 as Canton's texts do. */
export function isoTime(micros: number): string {
  const fraction = String(micros % 1_000_000).padStart(6, '0');
  return new Date(Math.floor(micros / 1000)).toISOString().replace(/\.\d{3}Z$/, `.${fraction}Z`);
}
