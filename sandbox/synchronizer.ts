import { makeKeyPair, fingerprint } from './crypto.js';
import { CantonRefusal } from './errors.js';
import { Exchange } from './exchange.js';
import type { ClosableJournal } from './journal.js';
import type { Clock, SynchronizerInfo } from './node.js';
import type { AllowedKeysScenario } from './scenario.js';
import { Sequencer } from './sequencer.js';
import { seededSigner, type Signer } from './signers.js';
import { SynchronizerOwner } from './synchronizer-owner.js';
import { Authority } from './topology/authority.js';
import { frozen } from './topology/lsu.js';
import { uniqueKey, type Mapping } from './topology/mapping.js';
import { TopologyStore, type StoredTransaction } from './topology/store.js';
import {
  ADD,
  buildTransaction,
  parseStored,
  storedBytes,
  type Operation,
  type SignedTransaction,
  type TopologyTransaction,
} from './topology/transaction.js';
import { admit } from './topology/validation.js';
import { Traffic, trafficControl, type EventSize, type TrafficControl } from './traffic.js';
import { Upgrades } from './upgrades.js';

/** How long a synchronizer takes, in milliseconds. */
interface SynchronizerDelays {
  /** From a submission to its place in the order. */
  readonly sequencingMs: number;
  /** From its place in the order to its effect; 250 on a real one. */
  readonly topologyChangeMs: number;
  /** The interval of ACS commitments. */
  readonly reconciliationMs: number;
  /** From the moment a member may not use it any more to the end of its process. */
  readonly lockedOutMs: number;
  /** After which a member that waits for traffic looks whether it has been given some. */
  readonly outboxMs: number;
}

/** What makes a synchronizer. */
export interface SynchronizerSettings extends SynchronizerDelays {
  readonly alias: string;
  /** The name in its id. */
  readonly name: string;
  /** Address of its sequencer in the configurations of participants, in place of the one it listens at. */
  readonly url?: string;
  readonly protocolVersion: number;
  /** 0 if absent. */
  readonly serial?: number;
  readonly allowedKeys: AllowedKeysScenario;
  /** From the start; not controlled if absent. */
  readonly trafficControl?: TrafficControl;
  readonly seed: string;
}

/** A topology transaction with its times, as a journal keeps it. */
export interface Sequenced {
  readonly bytes: Buffer;
  readonly sequenced: bigint;
  readonly validFrom: bigint;
}

/** What a synchronizer starts with carries this time: the first microsecond of year 1. */
const BEGINNING = -62_135_596_800_000_000n + 1n;

/** Orders topology transactions and keeps those it accepts. Survives every participant. */
export class Synchronizer {
  readonly namespace: string;
  /** `SEQ::name::fingerprint`. */
  readonly sequencerId: string;
  readonly store = new TopologyStore();
  readonly authority: Authority;
  readonly exchange: Exchange;
  readonly owner: SynchronizerOwner;
  readonly traffic: Traffic;
  /** Every accepted transaction, in order; replicas read it by position. */
  readonly log: StoredTransaction[] = [];
  /** Refused submissions, newest last: what a sequencer's log would tell. */
  readonly refused: { readonly transaction: TopologyTransaction; readonly reason: CantonRefusal }[] = [];
  /** The physical synchronizers it goes through. */
  readonly upgrades: Upgrades;
  /** What waits for the sequencer to answer again. */
  private waiting: (() => void)[] = [];
  private readonly logicalId: string;
  private readonly listeners = new Set<() => void>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    readonly settings: SynchronizerSettings,
    private readonly journal: ClosableJournal,
    private readonly clock: Clock,
  ) {
    const { name, seed, allowedKeys, protocolVersion, serial = 0, url } = settings;
    const key = makeKeyPair('SIGNING_KEY_SPEC_EC_CURVE25519', `${seed}/${name}/namespace`);
    const sequencer = makeKeyPair('SIGNING_KEY_SPEC_EC_CURVE25519', `${seed}/${name}/sequencer`);
    const own = seededSigner(`${seed}/${name}/sequencer`, ['SIGNING_KEY_USAGE_NAMESPACE']);
    this.namespace = fingerprint(key.publicKey);
    this.sequencerId = `SEQ::sequencer-${name}::${own.id}`;
    this.logicalId = `${name}::${this.namespace}`;
    this.authority = new Authority(this.store, this.namespace);
    this.exchange = new Exchange(journal, settings.reconciliationMs * 1000);
    this.traffic = new Traffic(journal, settings.outboxMs);
    this.owner = new SynchronizerOwner(this, { root: key, sequencer });
    const { logicalId, sequencerId, store, log, exchange } = this;
    this.upgrades = new Upgrades({
      ...{ logicalId, sequencerId, journal, store, log, exchange },
      version: `${protocolVersion}-${serial}`,
      ...(url === undefined ? {} : { url }),
      makeSequencer: () => new Sequencer(name, allowedKeys, this.owner.services()),
      issue: (mapping, operation) => this.issue(own, mapping, operation),
      tell: () => this.tell(),
    });
    for (const record of journal.replay('sequenced')) this.restore(record);
    if (this.log.length > 0) return;
    for (const signed of this.owner.beginnings()) this.record(signed, BEGINNING, BEGINNING);
  }

  /** As it is now; a participant may be behind. */
  get info(): SynchronizerInfo {
    const { logicalId, settings, upgrades } = this;
    return { alias: settings.alias, logicalId, physicalId: upgrades.active.psid };
  }

  /** Whether its sequencer answers. */
  get isUp(): boolean {
    return this.upgrades.active.isUp;
  }

  private restore({ bytes, sequenced, validFrom }: Sequenced): void {
    this.log.push(this.store.add(parseStored(bytes), sequenced, validFrom));
    this.controlTraffic();
  }

  /** Lets the sequencer go away, or come back: then everything that waited is ordered. */
  setUp(isUp: boolean): void {
    this.upgrades.setUp(isUp);
    if (!isUp) return;
    const { waiting } = this;
    this.waiting = [];
    for (const go of waiting) go();
  }

  /** Calls back once the sequencer answers, at once if it does. */
  whenUp(go: () => void): void {
    if (this.isUp) go();
    else this.waiting.push(go);
  }

  /**
   * Orders transactions of a member, once it has the traffic for them. Calls `sent` when they leave, and `done` when they are
   * ordered.
   */
  send(
    uid: string,
    batch: readonly SignedTransaction[],
    {
      owner,
      sent,
      done,
    }: { readonly owner: object; readonly sent?: () => void; readonly done: () => void },
  ): void {
    const go = () => {
      sent?.();
      this.submit(batch, done);
    };
    this.traffic.send({ uid, owner, size: this.sizeOf(batch), go });
  }

  /** As a broadcast to every member, the sequencer and the mediator. Source: golden35/traffic-control.jsonl 12; golden35/traffic-control.jsonl 17. */
  private sizeOf(batch: readonly SignedTransaction[]): EventSize {
    const bytes = batch.reduce((sum, signed) => sum + storedBytes(signed).length + 4, 93);
    const joined = this.store.all('dtc').filter(({ transaction }) => transaction.operation === ADD);
    const members = new Set(joined.map(({ transaction }) => transaction.key));
    return { bytes, recipients: members.size + 2 };
  }

  /** Orders transactions after the sequencing delay, all at one time; calls `done` then. */
  submit(batch: readonly SignedTransaction[], done: () => void): void {
    this.whenUp(() => {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        this.sequence(batch);
        done();
      }, this.settings.sequencingMs);
      timer.unref();
      this.timers.add(timer);
    });
  }

  /** Orders transactions at once, all at one time; returns whether every one was accepted. */
  sequence(batch: readonly SignedTransaction[]): boolean {
    const time = this.clock.nowMicros();
    const accepted = batch.filter((signed) => this.accepts(signed, time));
    this.tell();
    return accepted.length === batch.length;
  }

  private accepts(signed: SignedTransaction, time: bigint): boolean {
    try {
      this.order(signed, time);
      return true;
    } catch (error) {
      if (!(error instanceof CantonRefusal)) throw error;
      this.refused.push({ transaction: signed.transaction, reason: error });
      return false;
    }
  }

  private order(signed: SignedTransaction, sequenced: bigint): void {
    if (this.upgrades.pending) throw frozen(this.info.physicalId);
    const against = { store: this.store, authority: this.authority, psid: this.info.physicalId };
    const admitted = admit(against, signed, EVERY_FORCE);
    const known = this.store.find(admitted);
    const isThere =
      known?.isProposal === admitted.isProposal &&
      known.signatures.length === admitted.signatures.length;
    if (isThere) return;
    this.record(admitted, sequenced, sequenced + BigInt(this.settings.topologyChangeMs) * 1000n);
  }

  /** Orders a transaction of the initial state: in effect since the given time. */
  seed(signed: SignedTransaction, time: bigint): void {
    const against = { store: this.store, authority: this.authority, psid: this.info.physicalId };
    this.record(admit(against, signed, EVERY_FORCE), time, time);
    this.tell();
  }

  /** Orders transactions of the initial state that are right for sure, in effect since the given time. */
  place(transactions: readonly SignedTransaction[], time: bigint): void {
    for (const signed of transactions) this.record(signed, time, time);
    this.tell();
  }

  /** Orders a mapping of the synchronizer itself. */
  private issue(signer: Signer, mapping: Mapping, operation: Operation): void {
    const known = this.store.latest(uniqueKey(mapping))?.transaction.serial ?? 0;
    const transaction = buildTransaction(operation, known + 1, mapping);
    const signatures = [signer.sign(transaction.hash)];
    const time = this.clock.nowMicros();
    const validFrom = time + BigInt(this.settings.topologyChangeMs) * 1000n;
    this.record({ transaction, signatures, isProposal: false }, time, validFrom);
    this.tell();
  }

  /** Calls back after everything that is ordered from now on; returns how to stop that. */
  onSequenced(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The protocol version of its physical id. */
  get protocolVersion(): number {
    return Number(/::(\d+)-\d+$/.exec(this.info.physicalId)?.[1]);
  }

  /** `host:port` of the Admin API of its sequencer. */
  get adminAddress(): string {
    return this.upgrades.active.sequencer.address;
  }

  /** Returns the address of its sequencer: participants recognise the synchronizer by it. */
  get url(): string {
    return this.upgrades.url;
  }

  /** Lets its sequencer listen, 0 for any free port; returns the port. */
  async open(port: number): Promise<number> {
    const opened = await this.upgrades.first.sequencer.open(port);
    await this.upgrades.restore();
    return opened;
  }

  /** Stops ordering; what has not been ordered is lost. */
  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.traffic.close();
    this.journal.close();
    await this.upgrades.close();
  }

  private record(signed: SignedTransaction, sequenced: bigint, validFrom: bigint): void {
    this.journal.append('sequenced', { bytes: storedBytes(signed), sequenced, validFrom });
    this.log.push(this.store.add(signed, sequenced, validFrom));
    this.controlTraffic();
  }

  private controlTraffic(): void {
    const { mapping } = this.log.at(-1)!.transaction;
    if (mapping.code === 'dop') this.traffic.take(trafficControl(mapping.value));
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** Force flags are a matter of the submitting node; the synchronizer does not ask for them again. */
const EVERY_FORCE: ReadonlySet<string> = new Set([
  'FORCE_FLAG_ALLOW_CONFIRMING_THRESHOLD_CANNOT_BE_MET',
]);
