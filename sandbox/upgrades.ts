import { at, timestamp } from './clock.js';
import type { Exchange } from './exchange.js';
import type { Journal } from './node.js';
import { pendingUpgrade, type PendingUpgrade } from './topology/lsu.js';
import type { Mapping } from './topology/mapping.js';
import type { StoredTransaction, TopologyStore } from './topology/store.js';
import { ADD, REMOVE, type Operation } from './topology/transaction.js';
import type { Sequencer } from './sequencer.js';

/** Where the order of a physical synchronizer ends: what comes later is ordered by its successor. */
export interface End {
  /** Of the topology log. */
  readonly position: number;
  /** Of the shared ledger transactions. */
  readonly exchanged: number;
  /** As announced; UTC, microseconds. */
  readonly upgradeTime: bigint;
  /** When it really ended. */
  readonly at: bigint;
}

/** A physical synchronizer with its sequencer. */
interface Physical {
  readonly psid: string;
  readonly sequencer: Sequencer;
  isUp: boolean;
  /** Present once its successor has taken over. */
  end?: End;
}

/** What is kept of a successor: that it was announced with a sequencer, then that it took over. */
export type PhysicalRecord =
  { readonly psid: string; readonly port: number } | { readonly psid: string; readonly end: End };

/** What the upgrades of a synchronizer are made of. */
export interface UpgradeParts {
  readonly logicalId: string;
  readonly sequencerId: string;
  /** Protocol version and serial of the first one, e.g. `35-0`. */
  readonly version: string;
  /** Address in place of the one a sequencer listens at. */
  readonly url?: string;
  readonly makeSequencer: () => Sequencer;
  readonly journal: Journal;
  readonly store: TopologyStore;
  readonly log: readonly StoredTransaction[];
  readonly exchange: Exchange;
  /** Orders a mapping of the synchronizer itself. */
  readonly issue: (mapping: Mapping, operation: Operation) => void;
  /** Tells every connected participant to look again. */
  readonly tell: () => void;
}

/** Ports are this far apart where an address is fixed. */
const NEXT_PORT = 200;

/**
 * The physical synchronizers that a logical one goes through. Topology and contracts go on; protocol version, id and
 * sequencer are others after each upgrade. Source: networks B.
 */
export class Upgrades {
  /** Oldest first; the last one may be announced only. */
  private readonly physicals: Physical[];
  private timer: (() => void) | undefined;

  constructor(private readonly parts: UpgradeParts) {
    const { logicalId, version } = parts;
    const psid = `${logicalId}::${version}`;
    this.physicals = [{ psid, sequencer: parts.makeSequencer(), isUp: true }];
  }

  /** The one it began with. */
  get first(): Physical {
    return this.physicals[0]!;
  }

  /** The one that orders now. */
  get active(): Physical {
    return this.physicals.find(({ end }) => end === undefined)!;
  }

  /** The upgrade that is announced and not done. */
  get pending(): PendingUpgrade | undefined {
    return pendingUpgrade(this.parts.store, this.active.psid, BigInt(Date.now()) * 1000n);
  }

  /** Finds the physical synchronizer whose sequencer has an address. */
  findByAddress(addresses: readonly string[]): string | undefined {
    return this.physicals.find((one) => addresses.includes(this.urlOf(one)))?.psid;
  }

  /** The address of the sequencer that orders now. */
  get url(): string {
    return this.urlOf(this.active);
  }

  /** Whether the sequencer of a physical synchronizer answers. */
  isReachable(psid: string): boolean {
    return this.physicals.some((one) => one.psid === psid && one.isUp);
  }

  /** Returns where the order of a physical synchronizer ended; nothing while it goes on. */
  endOf(psid: string): End | undefined {
    return this.physicals.find((one) => one.psid === psid)?.end;
  }

  /** Lets a sequencer go away, or come back. */
  setUp(isUp: boolean, psid = this.active.psid): void {
    const found = this.physicals.find((one) => one.psid === psid);
    if (!found) throw new Error(`no physical synchronizer ${psid}`);
    found.isUp = isUp;
    found.sequencer.setUp(isUp);
  }

  /** Lets the sequencers of earlier physical synchronizers go away, as their operators do some time after an upgrade. */
  retire(): void {
    for (const { psid, end } of this.physicals) if (end) this.setUp(false, psid);
  }

  /** Announces an upgrade: from now on the topology is frozen. It is done at its time if the successors are announced. */
  announce(given: { protocolVersion?: number; upgradeAfterMs?: number } = {}): void {
    const { psid } = this.active;
    const [version, serial] = psid.slice(psid.lastIndexOf('::') + 2).split('-');
    const { protocolVersion = Number(version), upgradeAfterMs = 60_000 } = given;
    const upgradeTime = BigInt(Date.now() + upgradeAfterMs) * 1000n;
    const successor = `${this.parts.logicalId}::${protocolVersion}-${Number(serial) + 1}`;
    const upgrade_time = timestamp(upgradeTime);
    const value = { successor_physical_synchronizer_id: successor, upgrade_time };
    this.parts.issue({ code: 'lsu', value }, ADD);
    this.arm({ successor, upgradeTime });
  }

  /** Takes an announcement back. */
  cancel(): void {
    const announced = this.parts.store.latest(`lsu/${this.parts.logicalId}`)?.transaction.mapping;
    this.required();
    this.timer?.();
    if (announced) this.parts.issue(announced, REMOVE);
  }

  /** Announces where the successor answers: connected participants shake hands with it. */
  async announceSuccessors(): Promise<void> {
    const { successor } = this.required();
    const sequencer = this.parts.makeSequencer();
    const made: Physical = { psid: successor, sequencer, isUp: true };
    const port = this.parts.url === undefined ? await sequencer.open(0) : 0;
    this.parts.journal.append('physical', { psid: successor, port });
    this.physicals.push(made);
    const value = {
      sequencer_id: this.parts.sequencerId,
      successor_physical_synchronizer_id: successor,
      connection: { endpoints: [this.urlOf(made)] },
    };
    this.parts.issue({ code: 'scs', value }, ADD);
  }

  /** Does the announced upgrade now, whatever its time. */
  upgrade(): void {
    const { successor, upgradeTime } = this.required();
    if (!this.physicals.some(({ psid }) => psid === successor))
      throw new Error(`${successor} has no sequencer: announce the successors first`);
    this.timer?.();
    const { log, exchange, journal } = this.parts;
    const now = BigInt(Date.now()) * 1000n;
    const end = { position: log.length, exchanged: exchange.log.length, upgradeTime, at: now };
    const { active } = this;
    journal.append('physical', { psid: active.psid, end });
    active.end = end;
    this.parts.tell();
  }

  /** Takes up what the journal says, once the topology has been read from it. */
  async restore(): Promise<void> {
    for (const record of this.parts.journal.replay('physical')) {
      if ('end' in record) this.physicals.find(({ psid }) => psid === record.psid)!.end = record.end;
      else {
        const sequencer = this.parts.makeSequencer();
        if (record.port > 0) await sequencer.open(record.port);
        this.physicals.push({ psid: record.psid, sequencer, isUp: true });
      }
    }
    const { pending } = this;
    if (pending) this.arm(pending);
  }

  /** Ends timers and sequencers. */
  async close(): Promise<void> {
    this.timer?.();
    await Promise.all(this.physicals.map(({ sequencer }) => sequencer.close()));
  }

  private arm({ successor, upgradeTime }: PendingUpgrade): void {
    this.timer?.();
    this.timer = at(upgradeTime, () => {
      if (this.physicals.some(({ psid }) => psid === successor)) this.upgrade();
    });
  }

  private required(): PendingUpgrade {
    // It may be ordered and not in effect yet.
    const pending = pendingUpgrade(this.parts.store, this.active.psid, 1n << 62n);
    if (pending) return pending;
    throw new Error('no upgrade is announced');
  }

  private urlOf(physical: Physical): string {
    const { url } = this.parts;
    if (url === undefined) return physical.sequencer.url;
    const port = Number(url.slice(url.lastIndexOf(':') + 1));
    return url.replace(/\d+$/, String(port + NEXT_PORT * this.physicals.indexOf(physical)));
  }
}
