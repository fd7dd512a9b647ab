import { micros } from './clock.js';
import type { Journal } from './node.js';
import type { MappingValues } from './topology/mapping.js';
import type { Encodable } from './wire.js';

type Protocol = 'com.digitalasset.canton.protocol.v30';

/** Traffic control as the dynamic parameters of a synchronizer have it. */
export interface TrafficControl {
  /** What the base rate fills up to, bytes. */
  readonly maxBaseAmount: number;
  /** How long that takes from nothing, milliseconds. */
  readonly accumulationMs: number;
  /** What a recipient costs, in ten-thousandths of what is written. */
  readonly readVsWrite: number;
  /** Of every event. */
  readonly baseEventCost: number;
}

/** The traffic of a member as it was at its last own event. */
export interface TrafficAccount {
  readonly purchased: number;
  readonly consumed: number;
  readonly base: number;
  readonly lastCost: number;
  /** UTC, microseconds; 0: never. */
  readonly atMicros: number;
  /** Of the last purchase. */
  readonly serial?: number;
}

/** An event that a member has not the traffic for. */
export interface TrafficShortage {
  readonly cost: number;
  /** As it is now. */
  readonly account: TrafficAccount;
}

/** What is to be sent: its size, and how many members get it. */
export interface EventSize {
  readonly bytes: number;
  readonly recipients: number;
}

interface Waiting {
  readonly uid: string;
  /** Who can call it off. */
  readonly owner: object;
  readonly size: EventSize;
  readonly go: () => void;
}

const NOTHING: TrafficAccount = { purchased: 0, consumed: 0, base: 0, lastCost: 0, atMicros: 0 };

/**
 * What the sequencer of one synchronizer lets its members send. Off until somebody turns it on.
 *
 * The base rate is used up before what was purchased. What does not pass now may pass later: commands are refused,
 * topology transactions wait in the order they came. Source: networks F.
 */
export class Traffic {
  private current: TrafficControl | undefined;
  /** By uid. */
  private readonly accounts = new Map<string, TrafficAccount>();
  private readonly waiting = new Map<string, Waiting[]>();
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly journal: Journal,
    private readonly retryMs: number,
  ) {
    for (const [uid, account] of journal.replay('traffic-account')) this.accounts.set(uid, account);
  }

  /** Undefined while it is off. */
  get control(): TrafficControl | undefined {
    return this.current;
  }

  /** Takes what the parameters of the synchronizer say from now on. */
  take(control: TrafficControl | undefined): void {
    this.current = control;
    this.retry();
  }

  /** Sets what a member has purchased in all. */
  purchase(uid: string, purchased: number): void {
    const account = this.at(uid);
    this.keep(uid, { ...account, purchased, lastCost: 0, serial: (account.serial ?? 0) + 1 });
    this.retry();
  }

  /** Returns what a member knows of its traffic: nothing while it is off. */
  known(uid: string): TrafficAccount {
    return this.current ? (this.accounts.get(uid) ?? NOTHING) : NOTHING;
  }

  /** Takes the cost of an event from a member, or says what is missing. */
  pay(uid: string, size: EventSize): TrafficShortage | undefined {
    if (!this.current) return undefined;
    const cost = costOf(this.current, size);
    const account = this.at(uid);
    if (cost > available(account)) return { cost, account };
    const fromBase = Math.min(cost, account.base);
    const consumed = account.consumed + cost - fromBase;
    this.keep(uid, { ...account, base: account.base - fromBase, consumed, lastCost: cost });
    return undefined;
  }

  /** Calls `go` once the member has paid for the event, at once if it can. */
  send(one: Waiting): void {
    this.waiting.set(one.uid, [...(this.waiting.get(one.uid) ?? []), one]);
    this.advance(one.uid);
  }

  /** Calls off what an owner still waits to send; returns how much that is. */
  forget(owner: object): number {
    let count = 0;
    for (const [uid, queue] of this.waiting) {
      const others = queue.filter((one) => one.owner !== owner);
      count += queue.length - others.length;
      this.waiting.set(uid, others);
    }
    return count;
  }

  /** Ends the waiting. */
  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.waiting.clear();
  }

  private retry(): void {
    for (const uid of this.waiting.keys()) this.wake(uid, this.retryMs);
  }

  private advance(uid: string): void {
    clearTimeout(this.timers.get(uid));
    for (;;) {
      const [first, ...others] = this.waiting.get(uid) ?? [];
      if (!first) return;
      const shortage = this.pay(uid, first.size);
      if (shortage) return this.wakeFor(uid, shortage);
      this.waiting.set(uid, others);
      first.go();
    }
  }

  /** Once the base rate suffices; if it never does, a purchase or a change of the parameters comes first. */
  private wakeFor(uid: string, { cost, account }: TrafficShortage): void {
    const { maxBaseAmount, accumulationMs } = this.current!;
    if (cost > available({ ...account, base: maxBaseAmount })) return;
    const missing = cost - available(account);
    this.wake(uid, Math.ceil((missing * accumulationMs) / maxBaseAmount) + 1);
  }

  private wake(uid: string, delayMs: number): void {
    clearTimeout(this.timers.get(uid));
    const timer = setTimeout(() => this.advance(uid), delayMs);
    timer.unref();
    this.timers.set(uid, timer);
  }

  private at(uid: string): TrafficAccount {
    const atMicros = now();
    const known = this.accounts.get(uid) ?? NOTHING;
    if (!this.current) return { ...known, atMicros };
    const { maxBaseAmount, accumulationMs } = this.current;
    const grown = ((atMicros - known.atMicros) / 1000 / accumulationMs) * maxBaseAmount;
    const base = Math.floor(Math.min(maxBaseAmount, known.base + grown));
    return { ...known, base, atMicros };
  }

  private keep(uid: string, account: TrafficAccount): void {
    this.journal.append('traffic-account', [uid, account]);
    this.accounts.set(uid, account);
  }
}

/** Reads traffic control from the parameters of a synchronizer; undefined: off. */
export function trafficControl({
  synchronizer_parameters: parameters,
}: MappingValues['dop']): TrafficControl | undefined {
  const control = parameters?.traffic_control;
  if (!control) return undefined;
  return {
    maxBaseAmount: Number(control.max_base_traffic_amount ?? 0),
    accumulationMs: Number(micros(control.max_base_traffic_accumulation_duration ?? {})) / 1000,
    readVsWrite: control.read_vs_write_scaling_factor ?? 0,
    baseEventCost: Number(control.base_event_cost ?? 0),
  };
}

/** The same as a message of the parameters. */
export function trafficParameters({
  maxBaseAmount,
  accumulationMs,
  readVsWrite,
  baseEventCost,
}: TrafficControl): Encodable<`${Protocol}.TrafficControlParameters`> {
  return {
    max_base_traffic_amount: String(maxBaseAmount),
    max_base_traffic_accumulation_duration: {
      seconds: String(Math.floor(accumulationMs / 1000)),
      nanos: (accumulationMs % 1000) * 1_000_000,
    },
    read_vs_write_scaling_factor: readVsWrite,
    set_balance_request_submission_window_size: { seconds: '300' },
    enforce_rate_limiting: true,
    base_event_cost: String(baseEventCost),
    free_confirmation_responses: true,
  };
}

/** What a member can still spend. */
export function available({ purchased, consumed, base }: TrafficAccount): number {
  return purchased - consumed + base;
}

function costOf(
  { baseEventCost, readVsWrite }: TrafficControl,
  { bytes, recipients }: EventSize,
): number {
  return baseEventCost + bytes + Math.floor((bytes * recipients * readVsWrite) / 10_000);
}

function now(): number {
  return Date.now() * 1000;
}
