import type { SharedTransaction } from './exchange.js';
import type { Clock, LedgerOrder } from './node.js';
import { hostsAt } from './topology/hosting.js';
import type { HostingParticipant } from './topology/mapping.js';
import type { Replica } from './topology/replica.js';
import { vettedIn } from './topology/vetting.js';
import type { TrafficShortage } from './traffic.js';

/** The order of ledger transactions on one synchronizer, for one participant. */
export class NodeOrder implements LedgerOrder {
  constructor(
    private readonly uid: string,
    private readonly replica: Replica,
    private readonly clock: Clock,
  ) {}

  get isOpen(): boolean {
    const { isConnected, isCurrent, synchronizer } = this.replica;
    return isConnected && isCurrent && synchronizer.isUp;
  }

  get isLockedOut(): boolean {
    return this.replica.isLockedOut;
  }

  whenUp(): Promise<void> {
    const { replica } = this;
    return new Promise((resolve) => replica.synchronizer.whenUp(() => replica.whenCurrent(resolve)));
  }

  nextTime(): number {
    const time = this.clock.nowMicros();
    this.replica.advance(time);
    if (this.replica.isConnected) this.exchange.saw(this.uid, Number(time));
    return Number(time);
  }

  hostsAt(party: string, timeMicros: number): readonly HostingParticipant[] {
    const { store, info } = this.replica.synchronizer;
    return hostsAt(store, { party, logicalId: info.logicalId }, BigInt(timeMicros));
  }

  isShared(parties: Iterable<string>, timeMicros: number): boolean {
    if (!this.exchange.hasOthers(this.uid)) return false;
    return this.realHosts(parties, timeMicros).some((uid) => uid !== this.uid);
  }

  vettedBy(uid: string): ReadonlySet<string> {
    return vettedIn(this.replica.synchronizer.store, uid);
  }

  realHosts(parties: Iterable<string>, timeMicros: number): string[] {
    const hosts = [...parties].flatMap((party) => this.hostsAt(party, timeMicros));
    const uids = new Set(hosts.map((host) => host.participant_uid));
    return [...uids].filter((uid) => this.exchange.isMember(uid));
  }

  pay(bytes: number, informees: Iterable<string>): TrafficShortage | undefined {
    const { synchronizer } = this.replica;
    const hosts = this.realHosts(informees, Number(this.clock.nowMicros()));
    // And the mediator.
    return synchronizer.traffic.pay(this.uid, { bytes, recipients: hosts.length + 1 });
  }

  get lastCost(): number {
    return this.replica.synchronizer.traffic.known(this.uid).lastCost;
  }

  isSpent(contractId: string): boolean {
    if (this.exchange.isSpent(contractId)) return true;
    return [...this.exchange.peers.values()].some(({ ledger }) => {
      const slot = ledger.find(contractId);
      return slot !== undefined && ledger.index.endOf(slot) === 'archived';
    });
  }

  publish(transaction: SharedTransaction): void {
    const { created, archived, unassigned, recordTimeMicros } = transaction;
    const stakeholders = [
      ...created.flatMap(({ signatories, observers }) => [...signatories, ...observers]),
      ...archived.flatMap((one) => one.stakeholders),
      ...(unassigned?.stakeholders ?? []),
    ];
    for (const uid of this.realHosts(new Set(stakeholders), recordTimeMicros))
      this.exchange.saw(uid, recordTimeMicros);
    this.exchange.append(transaction);
  }

  announce(parties: Iterable<string>): () => void {
    const hosts = this.realHosts(parties, Number(this.clock.nowMicros()));
    return this.exchange.announce(new Set(hosts.filter((uid) => uid !== this.uid)));
  }

  get pendingCount(): number {
    return this.exchange.pendingOn(this.uid);
  }

  private get exchange() {
    return this.replica.synchronizer.exchange;
  }
}
