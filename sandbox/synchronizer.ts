import { makeKeyPair, fingerprint, sign, SPKI, type SigningPublicKey } from './crypto.js';
import { CantonRefusal } from './errors.js';
import { Exchange } from './exchange.js';
import type { ClosableJournal } from './journal.js';
import type { Clock, SynchronizerInfo } from './node.js';
import type { AllowedKeysScenario } from './scenario.js';
import { Sequencer } from './sequencer.js';
import { Authority } from './topology/authority.js';
import { TopologyStore, type StoredTransaction } from './topology/store.js';
import {
  ADD,
  buildTransaction,
  parseStored,
  storedBytes,
  type SignedTransaction,
  type TopologyTransaction,
} from './topology/transaction.js';
import { admit } from './topology/validation.js';

/** How long a synchronizer takes, in milliseconds. */
interface SynchronizerDelays {
  /** From a submission to its place in the order. */
  readonly sequencingMs: number;
  /** From its place in the order to its effect; 250 on a real one. */
  readonly topologyChangeMs: number;
  /** The interval of ACS commitments. */
  readonly reconciliationMs: number;
}

/** What makes a synchronizer. */
export interface SynchronizerSettings extends SynchronizerDelays {
  readonly alias: string;
  /** The name in its id. */
  readonly name: string;
  /** Address of its sequencer in place of the one it listens at; then it listens nowhere. */
  readonly url?: string;
  readonly protocolVersion: number;
  /** 0 if absent. */
  readonly serial?: number;
  readonly allowedKeys: AllowedKeysScenario;
  readonly seed: string;
}

/** A topology transaction with its times, as a journal keeps it. */
export interface Sequenced {
  readonly bytes: Buffer;
  readonly sequenced: bigint;
  readonly validFrom: bigint;
}

/** What a synchronizer starts with carries this time: the first microsecond of year 1. */
export const BEGINNING = -62_135_596_800_000_000n + 1n;

/** Orders topology transactions and keeps those it accepts. Survives every participant. */
export class Synchronizer {
  readonly info: SynchronizerInfo;
  readonly namespace: string;
  /** `SEQ::name::fingerprint`. */
  readonly sequencerId: string;
  readonly store = new TopologyStore();
  readonly authority: Authority;
  readonly exchange: Exchange;
  /** Every accepted transaction, in order; replicas read it by position. */
  readonly log: StoredTransaction[] = [];
  /** Refused submissions, newest last: what a sequencer's log would tell. */
  readonly refused: { readonly transaction: TopologyTransaction; readonly reason: CantonRefusal }[] = [];
  /** Whether an upgrade of the synchronizer has been announced. */
  isUpgradeAnnounced = false;
  /** Whether its sequencer answers. */
  isUp = true;
  /** What waits for the sequencer to answer again. */
  private waiting: (() => void)[] = [];
  private readonly sequencer: Sequencer;
  private readonly listeners = new Set<() => void>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    readonly settings: SynchronizerSettings,
    private readonly journal: ClosableJournal,
    private readonly clock: Clock,
  ) {
    const { name, alias, seed, allowedKeys, protocolVersion, serial = 0 } = settings;
    this.sequencer = new Sequencer(name, allowedKeys);
    const key = makeKeyPair('SIGNING_KEY_SPEC_EC_CURVE25519', `${seed}/${name}/namespace`);
    const sequencer = makeKeyPair('SIGNING_KEY_SPEC_EC_CURVE25519', `${seed}/${name}/sequencer`);
    this.namespace = fingerprint(key.publicKey);
    this.sequencerId = `SEQ::sequencer-${name}::${fingerprint(sequencer.publicKey)}`;
    const logicalId = `${name}::${this.namespace}`;
    this.info = { alias, logicalId, physicalId: `${logicalId}::${protocolVersion}-${serial}` };
    this.authority = new Authority(this.store, this.namespace);
    this.exchange = new Exchange(journal, settings.reconciliationMs * 1000);
    for (const record of journal.replay('sequenced')) this.restore(record);
    for (const record of journal.replay('upgrade')) this.isUpgradeAnnounced = record;
    if (this.log.length === 0) this.begin(key.privateKey, key.publicKey);
  }

  private begin(privateKey: Buffer, publicKey: Buffer): void {
    const target_key: SigningPublicKey = {
      format: SPKI,
      public_key: publicKey,
      usage: ['SIGNING_KEY_USAGE_NAMESPACE'],
      key_spec: 'SIGNING_KEY_SPEC_EC_CURVE25519',
    };
    const value = { namespace: this.namespace, target_key, can_sign_all_mappings: {} };
    const transaction = buildTransaction(ADD, 1, { code: 'nsd', value });
    const signature = sign(privateKey, target_key.key_spec, transaction.hash, this.namespace);
    this.record({ transaction, signatures: [signature], isProposal: false }, BEGINNING, BEGINNING);
  }

  private restore({ bytes, sequenced, validFrom }: Sequenced): void {
    this.log.push(this.store.add(parseStored(bytes), sequenced, validFrom));
  }

  /** Lets the sequencer go away, or come back: then everything that waited is ordered. */
  setUp(isUp: boolean): void {
    this.isUp = isUp;
    this.sequencer.setUp(isUp);
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

  /** Orders transactions after the sequencing delay, all at one time; calls `done` then. */
  submit(batch: readonly SignedTransaction[], done: () => void = () => {}): void {
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

  /** Announces an upgrade, or takes the announcement back. */
  announceUpgrade(isAnnounced: boolean): void {
    this.journal.append('upgrade', isAnnounced);
    this.isUpgradeAnnounced = isAnnounced;
  }

  /** Calls back after everything that is ordered from now on; returns how to stop that. */
  onSequenced(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Returns the address of its sequencer: participants recognise the synchronizer by it. */
  get url(): string {
    return this.settings.url ?? this.sequencer.url;
  }

  /** Lets its sequencer listen, 0 for any free port; returns the port. */
  async open(port: number): Promise<number> {
    return this.settings.url === undefined ? this.sequencer.open(port) : port;
  }

  /** Stops ordering; what has not been ordered is lost. */
  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.journal.close();
    await this.sequencer.close();
  }

  private record(signed: SignedTransaction, sequenced: bigint, validFrom: bigint): void {
    this.journal.append('sequenced', { bytes: storedBytes(signed), sequenced, validFrom });
    this.log.push(this.store.add(signed, sequenced, validFrom));
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** Force flags are a matter of the submitting node; the synchronizer does not ask for them again. */
const EVERY_FORCE: ReadonlySet<string> = new Set([
  'FORCE_FLAG_ALLOW_CONFIRMING_THRESHOLD_CANNOT_BE_MET',
]);
