import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import { setTimeout as wait } from 'node:timers/promises';
import { GarbledFailure, PlainFailure } from './errors.js';

/** The call a fault may hit. */
export interface FaultTarget {
  readonly participant: string;
  readonly service: string;
  readonly method: string;
}

/** Which calls a fault hits, and how often. */
export interface FaultScope {
  /** Name of the participant; absent: any. */
  readonly participant?: string;
  /** How many calls it hits, 1 if absent. */
  readonly times?: number;
  /** How many matching calls pass unharmed first, 0 if absent. */
  readonly skip?: number;
}

/** When a participant dies. */
export interface CrashPoint {
  readonly at: 'now' | 'before' | 'after' | 'during';
  /** Method whose call triggers it; needed unless `at` is `now`. `Method` or `Service/Method`. */
  readonly method?: string;
  /** With `during`: dies once this many streamed bytes went through. */
  readonly afterBytes?: number;
  /** Comes back on the same ports after this time; absent: stays down until `restart`. */
  readonly restartAfterMs?: number;
  readonly skip?: number;
}

/** A fault in the form the control port takes. */
export type Fault =
  | ({ readonly kind: 'dropReply'; readonly method: string } & FaultScope)
  | ({ readonly kind: 'failBefore'; readonly method: string; readonly code?: string } & FaultScope)
  | ({ readonly kind: 'delay'; readonly method: string; readonly delayMs: number } & FaultScope)
  | ({ readonly kind: 'breakStream'; readonly method: string; readonly afterBytes: number } & FaultScope)
  | ({ readonly kind: 'stall'; readonly method: string } & FaultScope)
  | ({ readonly kind: 'garble'; readonly method: string } & FaultScope)
  | ({ readonly kind: 'crash'; readonly participant: string } & CrashPoint);

interface Armed {
  readonly fault: Fault;
  skip: number;
  left: number;
}

/** Thrown through a call whose participant has just died: there is nobody left to answer. */
export class Crashed extends Error {
  constructor() {
    super('the participant has crashed');
  }
}

/** Breaks calls on demand. One per sandbox; every server asks it around every call. */
export class Faults {
  private armed: Armed[] = [];

  /** @param crash ends a participant at once and brings it back after the given time, if any. */
  constructor(private readonly crashNow: (participant: string, restartAfterMs?: number) => void) {}

  /** The call is executed, its answer lost: the client gets UNAVAILABLE. */
  dropReply(method: string, scope: FaultScope = {}): void {
    this.arm({ kind: 'dropReply', method, ...scope });
  }

  /** The call is refused before it does anything. `code` is a gRPC status name, UNAVAILABLE if absent. */
  failBefore(method: string, scope: FaultScope & { readonly code?: string } = {}): void {
    this.arm({ kind: 'failBefore', method, ...scope });
  }

  /** The call starts this much later. */
  delay(method: string, delayMs: number, scope: FaultScope = {}): void {
    this.arm({ kind: 'delay', method, delayMs, ...scope });
  }

  /** The stream breaks with UNAVAILABLE once this many bytes went through. */
  breakStream(method: string, scope: FaultScope & { readonly afterBytes: number }): void {
    this.arm({ kind: 'breakStream', method, ...scope });
  }

  /** The call is taken and nothing comes back, for as long as the client waits. */
  stall(method: string, scope: FaultScope = {}): void {
    this.arm({ kind: 'stall', method, ...scope });
  }

  /** The call is refused by a long text and trailers that no client can read. */
  garble(method: string, scope: FaultScope = {}): void {
    this.arm({ kind: 'garble', method, ...scope });
  }

  /** The participant dies: connections cut, memory lost; only what is on disk survives. */
  crash(participant: string, point: CrashPoint): void {
    if (point.at === 'now') this.crashNow(participant, point.restartAfterMs);
    else this.arm({ kind: 'crash', participant, ...point });
  }

  /** Arms a fault; faults of one method are tried in the order they were armed. */
  arm(fault: Fault): void {
    if (fault.kind === 'crash' && fault.at === 'now') return this.crash(fault.participant, fault);
    if (fault.kind === 'crash' && fault.method === undefined)
      throw new Error('a crash point needs a method');
    const times = fault.kind === 'crash' ? 1 : (fault.times ?? 1);
    this.armed.push({ fault, skip: fault.skip ?? 0, left: times });
  }

  /** Lists the faults that have not hit as often as they should. */
  pending(): Fault[] {
    return this.armed.map(({ fault }) => fault);
  }

  /** Disarms everything. */
  clear(): void {
    this.armed = [];
  }

  /** Asked by a server before it runs a handler; `signal` aborts when the client has given up. */
  async enter(target: FaultTarget, signal: AbortSignal): Promise<void> {
    if (this.take(target, 'stall')) {
      if (!signal.aborted) await once(signal, 'abort');
      throw new PlainFailure('the client has cancelled the call', status.CANCELLED);
    }
    if (this.take(target, 'garble')) throw new GarbledFailure();
    const delay = this.take(target, 'delay');
    if (delay?.kind === 'delay') await wait(delay.delayMs);
    const refusal = this.take(target, 'failBefore');
    if (refusal?.kind === 'failBefore') {
      // A name that is none is answered as a failure without a code.
      // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
      const code = status[(refusal.code ?? 'UNAVAILABLE') as keyof typeof status];
      throw new PlainFailure('the sandbox refused this call on demand', code);
    }
    this.crashAt(target, 'before');
  }

  /** Asked by a server after a handler has succeeded, before the answer goes out. */
  leave(target: FaultTarget): void {
    this.crashAt(target, 'after');
    if (this.take(target, 'dropReply')) {
      throw new PlainFailure('the sandbox dropped this answer on demand', status.UNAVAILABLE);
    }
  }

  /** Returns a function that a stream tells its bytes to; it throws where a fault breaks the stream. */
  meter(target: FaultTarget): (bytes: number) => void {
    const broken = this.take(target, 'breakStream');
    const crash = this.take(target, 'crash', 'during');
    let seen = 0;
    return (bytes) => {
      seen += bytes;
      if (crash?.kind === 'crash' && seen >= (crash.afterBytes ?? 0)) {
        this.crashNow(target.participant, crash.restartAfterMs);
        throw new Crashed();
      }
      if (broken?.kind === 'breakStream' && seen >= broken.afterBytes) {
        throw new PlainFailure('the sandbox broke this stream on demand', status.UNAVAILABLE);
      }
    };
  }

  private crashAt(target: FaultTarget, at: CrashPoint['at']): void {
    const crash = this.take(target, 'crash', at);
    if (crash?.kind !== 'crash') return;
    this.crashNow(target.participant, crash.restartAfterMs);
    throw new Crashed();
  }

  private take(target: FaultTarget, kind: Fault['kind'], at?: CrashPoint['at']): Fault | undefined {
    for (const armed of this.armed) {
      if (armed.fault.kind !== kind || !hits(armed.fault, target, at)) continue;
      if (armed.skip > 0) {
        armed.skip -= 1;
        continue;
      }
      armed.left -= 1;
      if (armed.left === 0) this.armed = this.armed.filter((other) => other !== armed);
      return armed.fault;
    }
    return undefined;
  }
}

function hits(fault: Fault, target: FaultTarget, at: CrashPoint['at'] | undefined): boolean {
  if (fault.kind === 'crash' && fault.at !== at) return false;
  if (fault.participant !== undefined && fault.participant !== target.participant) return false;
  const full = `${target.service}/${target.method}`;
  return fault.method === target.method || full === fault.method || full.endsWith(`.${fault.method}`);
}
