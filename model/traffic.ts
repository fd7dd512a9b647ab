/** Traffic control as the dynamic parameters of a synchronizer have it. Source: networks F. */
export interface TrafficControl {
  /** Bytes that the base rate fills up to. */
  maxBaseAmount: number;
  /** How long that takes from nothing, milliseconds. */
  accumulationMs: number;
  /** What a recipient costs, in ten-thousandths of what is written. */
  readVsWrite: number;
  /** Bytes that every event costs. */
  baseEventCost: number;
}

/** What a participant may spend on a synchronizer, as it was at its last own event: bytes. */
export interface TrafficBalance {
  /** What is left of all purchases. */
  purchased: number;
  /** What is left of the base rate. */
  base: number;
  /** Milliseconds since 1970; 0: it never sent anything. */
  atMs: number;
}

/** What a migration costs one participant on a synchronizer that controls traffic. */
export interface PlannedTraffic {
  control: TrafficControl;
  /** What is left of all purchases, rounded down to two digits. */
  purchased: number;
  /** Whether the node is not connected there, and cannot say what it purchased. */
  isUnknown?: true;
  /** In the order of the migration. */
  costs: PlannedCost[];
}

interface PlannedCost {
  what: string;
  bytes: number;
  /** The most that one event of it costs: it never passes where as much is never there at once. */
  largest: number;
  /** Whether it comes once the source is out of service, or the target a host. */
  isLate: boolean;
}

/** What is still to be spent, all of it or only what comes late. */
export function costOf({ costs }: PlannedTraffic, { isLate = false } = {}): number {
  return costs.filter((its) => !isLate || its.isLate).reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Bytes around the transactions of one event, and around each. Source: golden35/traffic-control.jsonl 12;
 * golden35/traffic-control.jsonl 17.
 */
const EVENT_BYTES = 93;
const TRANSACTION_BYTES = 8;
/** How many transactions one event has at most. Source: networks H. */
const BATCH = 100;
/** Of a transaction that is signed together with others, in each of them. Source: networks H. */
const HASH_BYTES = 36;
/** Of a signature with the fingerprint of its key. */
export const SIGNATURE_BYTES = 152;
/** Both transactions of a ping. Source: golden35/traffic-control.jsonl 6. */
const PING_BYTES = 2 * 2_800;

/** Whom an event is for: its sequencer and mediator are among them. */
export interface Audience {
  control: TrafficControl;
  members: number;
}

/** What an event with this content costs. */
function eventCost({ control, members }: Audience, bytes: number): number {
  const { baseEventCost, readVsWrite } = control;
  return Math.ceil(baseEventCost + bytes * (1 + (members * readVsWrite) / 10_000));
}

/** What topology transactions cost that are added one by one, or up to a hundred in an event. */
export function topologyCost(audience: Audience, sizes: number[], { isBulk = false } = {}): number {
  const size = isBulk ? BATCH : 1;
  let cost = 0;
  for (let at = 0; at < sizes.length; at += size) {
    const batch = sizes.slice(at, at + size);
    cost += eventCost(
      audience,
      batch.reduce((sum, bytes) => sum + bytes + TRANSACTION_BYTES, EVENT_BYTES),
    );
  }
  return cost;
}

/** What all events of these sizes cost, and the dearest of them. */
export function costsOf(
  audience: Audience,
  sizes: number[],
  options: { isBulk?: boolean } = {},
): { bytes: number; largest: number } {
  const dearest = [...sizes].sort((one, other) => other - one).slice(0, options.isBulk ? BATCH : 1);
  return {
    bytes: topologyCost(audience, sizes, options),
    largest: topologyCost(audience, dearest, options),
  };
}

/** A transaction that keys outside of the nodes sign, with all its signatures. */
export interface SignedOutside {
  bytes: number;
  /** How many of these keys. */
  keys: number;
}

/**
 * Returns how many transactions a key may sign together: each of them repeats the hashes of all, and up to a
 * hundred of them are one event. It must pass while the node sends other things: it gets half of the base
 * rate. Source: networks F; networks H.
 */
export function mostSignedTogether({ control, members }: Audience, signed: SignedOutside[]): number {
  const sizes = signed.map(({ bytes }) => bytes + TRANSACTION_BYTES);
  const largest = (all: number[]) =>
    all
      .sort((one, other) => other - one)
      .slice(0, BATCH)
      .reduce((sum, its) => sum + its, 0);
  const perByte = eventCost({ control: { ...control, baseEventCost: 0 }, members }, 1_000) / 1_000;
  const room = (control.maxBaseAmount / 2 - control.baseEventCost) / perByte - EVENT_BYTES;
  const hashes = largest(signed.map(({ keys }) => keys)) * HASH_BYTES;
  const most = Math.floor((room - largest(sizes)) / hashes);
  return signed.length === 0 ? BATCH : Math.max(1, Math.min(BATCH, most));
}

/** Bytes of the hashes that so many keys repeat in each of so many transactions that they sign together. */
export function repeatedBytes(keys: number, together: number): number {
  return together === 1 ? 0 : keys * together * HASH_BYTES;
}

/** Bytes of the mapping of a party with its signatures. */
export function partyMappingBytes(party: string, hosts: string[], signatures: number): number {
  return (
    hosts.reduce((sum, uid) => sum + uid.length + 5, 22 + party.length) + signatures * SIGNATURE_BYTES
  );
}

/** Bytes of a vetting of so many packages. */
export function vettingBytes(packages: number): number {
  return 110 + packages * 70 + SIGNATURE_BYTES;
}

/** Bytes of a delegation to a key. */
export const DELEGATION_BYTES = 220 + SIGNATURE_BYTES;

/** What a ping costs: two transactions for the node itself and the mediator. */
export function pingCost(control: TrafficControl): number {
  return (
    2 * control.baseEventCost +
    eventCost({ control: { ...control, baseEventCost: 0 }, members: 2 }, PING_BYTES)
  );
}

/** What can be spent at a time, milliseconds since 1970. */
export function availableAt(control: TrafficControl, balance: TrafficBalance, timeMs: number): number {
  const grown = (Math.max(0, timeMs - balance.atMs) / control.accumulationMs) * control.maxBaseAmount;
  return Math.floor(balance.purchased + Math.min(control.maxBaseAmount, balance.base + grown));
}

/** The most that can be spent at once. */
export function capacity(
  control: TrafficControl,
  { purchased }: Pick<TrafficBalance, 'purchased'>,
): number {
  return control.maxBaseAmount + purchased;
}

/** How long the base rate takes to bring so many bytes, milliseconds. */
export function accrualMs({ maxBaseAmount, accumulationMs }: TrafficControl, bytes: number): number {
  if (bytes <= 0) return 0;
  return maxBaseAmount === 0 ? Infinity : Math.ceil((bytes / maxBaseAmount) * accumulationMs);
}
