import { at } from '../clock.js';
import type { Journal, LedgerPort } from '../node.js';
import type { Synchronizer } from '../synchronizer.js';
import { Authority } from './authority.js';
import type { PartyToParticipant } from './mapping.js';
import { isPartOf, TopologyStore, type AsOf, type StoredTransaction } from './store.js';
import { ADD, signers, type SignedTransaction } from './transaction.js';

type PartyEvent = Parameters<LedgerPort['onPartyAuthorization']>[0];

interface Progress {
  readonly psid: string;
  readonly position: number;
}

/**
 * What one participant knows of a synchronizer's topology. It grows while the participant is connected; a
 * hosting change reaches the ledger when it takes effect.
 */
export class Replica {
  readonly store = new TopologyStore();
  readonly authority: Authority;
  isConnected = false;
  private position = 0;
  private reported = 0;
  private readonly due: {
    readonly time: bigint;
    readonly events: PartyEvent[];
    readonly position: number;
  }[] = [];
  private readonly waiting = new Map<() => void, () => void>();
  private readonly cancels = new Set<() => void>();
  private unsubscribe: (() => void) | undefined;

  constructor(
    readonly synchronizer: Synchronizer,
    private readonly journal: Journal,
    private readonly onEvent: (event: PartyEvent) => void,
  ) {
    const psid = synchronizer.info.physicalId;
    this.authority = new Authority(this.store, synchronizer.namespace);
    this.reported = last(journal.replay('topology-reported'), psid);
    const known = last(journal.replay('topology-position'), psid);
    for (const entry of synchronizer.log.slice(0, known)) this.apply(entry);
  }

  /** Catches up with the synchronizer and follows it. */
  connect(): void {
    if (this.isConnected) return;
    this.isConnected = true;
    for (const entry of this.synchronizer.log.slice(this.position)) this.apply(entry);
    this.saved();
    this.unsubscribe = this.synchronizer.onSequenced((entry) => {
      this.apply(entry);
      this.saved();
      this.report();
    });
    this.report();
  }

  /** Stops following; the state stays as it is. */
  disconnect(): void {
    this.isConnected = false;
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  /** Ends every timer; for a node that goes down. */
  close(): void {
    this.disconnect();
    for (const giveUp of [...this.waiting.values()]) giveUp();
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
  }

  /** Which state a head-state read sees: effective entries while connected, open ones otherwise. */
  head(): AsOf {
    return this.isConnected ? { kind: 'at', time: BigInt(Date.now()) * 1000n } : { kind: 'open' };
  }

  /** Lists the authorised entries of the head state with this mapping type. */
  effective(code: 'ptp' | 'dtc' | 'vtp'): StoredTransaction[] {
    const now: AsOf = { kind: 'at', time: BigInt(Date.now()) * 1000n };
    return this.store
      .all(code)
      .filter(
        (entry) => !entry.isProposal && entry.transaction.operation === ADD && isPartOf(entry, now),
      );
  }

  /** Whether a transaction, with at least these signatures, is in effect here. */
  isInEffect(signed: SignedTransaction): boolean {
    const found = this.store.find(signed) ?? this.store.findEver(signed.transaction);
    if (!found || found.validFrom > BigInt(Date.now()) * 1000n) return false;
    const known = new Set(signers(found));
    return signers(signed).every((id) => known.has(id));
  }

  /** Resolves true once the transactions are in effect, false when the time is up or the node goes down. */
  async whenInEffect(wanted: readonly SignedTransaction[], timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (isInEffect: boolean) => {
        this.waiting.delete(look);
        clearTimeout(timer);
        resolve(isInEffect);
      };
      const look = () => {
        if (wanted.every((signed) => this.isInEffect(signed))) finish(true);
      };
      const timer = setTimeout(() => finish(false), timeoutMs);
      this.waiting.set(look, () => finish(false));
      look();
    });
  }

  /** How many transactions are known but not in effect yet. */
  get pendingCount(): number {
    return this.due.length;
  }

  private saved(): void {
    this.journal.append('topology-position', {
      psid: this.synchronizer.info.physicalId,
      position: this.position,
    });
  }

  private apply(entry: StoredTransaction): void {
    const before = this.store.latest(entry.transaction.key);
    this.store.add(entry, entry.sequenced, entry.validFrom);
    this.position += 1;
    if (this.position <= this.reported) return;
    const events = entry.isProposal ? [] : partyEvents(this.synchronizer.info.logicalId, before, entry);
    this.due.push({ time: entry.validFrom, events, position: this.position });
  }

  /** Hands what has taken effect to the ledger and sets a timer for what has not. */
  private report(): void {
    if (!this.isConnected) return;
    const now = BigInt(Date.now()) * 1000n;
    let next = this.due[0];
    let count = 0;
    while (next && next.time <= now) {
      this.due.shift();
      next.events.forEach(this.onEvent);
      this.reported = next.position;
      count += 1;
      next = this.due[0];
    }
    if (count > 0) {
      const record: Progress = { psid: this.synchronizer.info.physicalId, position: this.reported };
      this.journal.append('topology-reported', record);
    }
    for (const look of [...this.waiting.keys()]) look();
    if (next) this.wakeAt(next.time);
  }

  private wakeAt(time: bigint): void {
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
    this.cancels.add(at(time, () => this.report()));
  }
}

function last(records: Iterable<unknown>, psid: string): number {
  let position = 0;
  for (const record of records as Iterable<Progress>)
    if (record.psid === psid) position = record.position;
  return position;
}

function hostsOf(entry: StoredTransaction | undefined): PartyToParticipant['participants'] {
  if (!entry || entry.transaction.operation !== ADD) return [];
  const { mapping } = entry.transaction;
  if (mapping.code === 'ptp') return mapping.value.participants;
  if (mapping.code !== 'dtc') return [];
  return [
    { participant_uid: mapping.value.participant_uid, permission: 'PARTICIPANT_PERMISSION_SUBMISSION' },
  ];
}

function partyEvents(
  logicalId: string,
  before: StoredTransaction | undefined,
  entry: StoredTransaction,
): PartyEvent[] {
  const { mapping } = entry.transaction;
  if (mapping.code !== 'ptp' && mapping.code !== 'dtc') return [];
  const party = mapping.code === 'ptp' ? mapping.value.party : mapping.value.participant_uid;
  const old = new Map(hostsOf(before).map((host) => [host.participant_uid, host]));
  const base = { logicalId, party, recordTime: entry.validFrom };
  const events: PartyEvent[] = [];
  for (const host of hostsOf(entry)) {
    const known = old.get(host.participant_uid);
    old.delete(host.participant_uid);
    const isSame = known?.permission === host.permission && !known.onboarding === !host.onboarding;
    if (isSame) continue;
    const kind = host.onboarding ? 'onboarding' : known && !known.onboarding ? 'changed' : 'added';
    events.push({ ...base, participantUid: host.participant_uid, permission: host.permission, kind });
  }
  for (const uid of old.keys()) {
    events.push({ ...base, participantUid: uid, permission: undefined, kind: 'revoked' });
  }
  return events;
}
