import { setTimeout as wait } from 'node:timers/promises';
import { BUILTIN_PACKAGES } from './builtin-packages.js';
import { CantonRefusal, PlainFailure, shortenIds } from './errors.js';
import { unknownAlias } from './connectivity.js';
import type { Journal, LedgerPort } from './node.js';
import type { Synchronizer } from './synchronizer.js';
import { Registration, type RegisteredLinks } from './registration.js';
import { vet } from './topology-port.js';
import { mayJoin } from './topology/grants.js';
import { successorAddresses } from './topology/lsu.js';
import type { Membership, NodeTopology } from './topology/node-topology.js';
import {
  ADD,
  buildTransaction,
  isSameMapping,
  REMOVE,
  type SignedTransaction,
} from './topology/transaction.js';
import type { Vault } from './vault.js';
import { encode, type Decoded } from './wire.js';

/** How a node reaches a synchronizer, with the parts that a configuration must have. */
export type Config = ConfigMessage & {
  readonly synchronizer_alias: string;
  readonly sequencer_connections: NonNullable<ConfigMessage['sequencer_connections']>;
};

/** As it is on the wire. */
export type ConfigMessage = Decoded<typeof CONFIG>;

/** What the connections of a node are made of. */
export interface ConnectionParts {
  readonly uid: string;
  readonly vault: Vault;
  readonly topology: NodeTopology;
  readonly journal: Journal;
  readonly ledger: () => LedgerPort;
  readonly synchronizers: readonly Synchronizer[];
  /** Called after each connect. */
  readonly onConnected: (membership: Membership) => void;
  readonly timing: ConnectionTiming;
}

/** How long connecting takes, in milliseconds. */
export interface ConnectionTiming {
  /** Until a node gives up that reaches no sequencer. */
  readonly unreachableMs: number;
  /** From the upgrade of a synchronizer to the switch of a connected node. */
  readonly switchMs: number;
}

/** A successor as an operator names it. */
export interface LateSuccessor {
  readonly psid: string;
  /** UTC, microseconds. */
  readonly upgradeTime: bigint;
  readonly config: Config;
}

const CONFIG = 'com.digitalasset.canton.admin.participant.v30.SynchronizerConnectionConfig';

/** The synchronizers of one participant: registered, joined, connected. Source: admin-api 1.13. */
export class Connections {
  private readonly registrations = new Map<string, Registration>();
  /** Aliases with a reconnect pending in the background. */
  private readonly retried = new Set<string>();
  /** Whether it was connected to anything since it started. */
  wasConnected = false;
  private readonly switching = new Map<Registration, NodeJS.Timeout>();

  constructor(private readonly parts: ConnectionParts) {
    for (const record of parts.journal.replay('registered')) this.place(record);
    for (const record of parts.journal.replay('joined')) {
      const found = this.list().find(({ synchronizer }) => synchronizer.info.logicalId === record);
      if (found) this.join(found);
    }
  }

  /** Lists the registrations, oldest first. */
  list(): Registration[] {
    return [...this.registrations.values()];
  }

  /** Returns the registration of an alias; refuses an unknown one. */
  find(alias: string): Registration {
    const found = this.registrations.get(alias);
    if (!found) throw unknownAlias(alias);
    return found;
  }

  /** Registers a synchronizer; the same configuration again is a no-op. */
  register(config: Config): Registration {
    const alias = config.synchronizer_alias;
    const known = this.registrations.get(alias);
    if (known) {
      if (isSameConfig(known.config, this.completed(config, known.synchronizer))) return known;
      const cause = `Synchronizer with alias ${alias} is already registered with another configuration`;
      throw new CantonRefusal({
        id: 'SYNCHRONIZER_REGISTRATION',
        category: 10,
        cause,
        metadata: { alias },
      });
    }
    const synchronizer = this.resolve(config);
    const psid =
      synchronizer.upgrades.findByAddress(addressesOf(config)) ?? synchronizer.info.physicalId;
    const link = {
      psid,
      status: 'STATUS_ACTIVE',
      config: this.completed(config, synchronizer),
    } as const;
    return this.save(new Registration(alias, synchronizer, [link]));
  }

  /** Replaces the configuration of a registered synchronizer, connected or not. */
  modify(config: Config, physicalId: string | undefined): void {
    const known = this.find(config.synchronizer_alias);
    const inactive = physicalId === undefined ? undefined : known.inactive(physicalId);
    if (inactive !== undefined) throw notActive(known.alias, `(${physicalId},${inactive})`);
    if (physicalId !== undefined && physicalId !== known.active.psid) {
      const cause = `Synchronizer connection for ${known.alias} and ${shortenIds(physicalId)} is not known`;
      throw new CantonRefusal({ id: 'SYNC_SERVICE_PHYSICAL_ID_REGISTRATION', category: 11, cause });
    }
    known.config = this.completed(config, known.synchronizer);
    this.save(known);
  }

  /**
   * Goes over to the successor of a synchronizer whose upgrade the node missed, without connecting. The time is taken as
   * it is given: with a wrong one the node is lost for the synchronizer. Safe to repeat. Source: networks B.
   */
  upgradeLate(psid: string, successor: LateSuccessor): void {
    const known = this.find(successor.config.synchronizer_alias);
    if (known.isConnected) throw new CantonRefusal(stillConnected(known.alias));
    if (known.active.psid === successor.psid) return;
    if (known.active.psid !== psid) throw notActive(known.alias, `(${psid},unknown)`);
    known.membership?.replica.switchLate(successor.psid);
    const config = this.completed(successor.config, known.synchronizer);
    known.addLate(successor.psid, successor.upgradeTime, config);
    this.shareLinks(known);
    this.save(known);
  }

  /** Learns the static parameters and the topology of a synchronizer without following it; refused to who may not join. */
  shakeHands(alias: string): void {
    const registration = this.find(alias);
    if (registration.membership) return;
    this.checkOnboarding(registration);
    this.join(registration);
    this.parts.journal.append('joined', registration.synchronizer.info.logicalId);
  }

  private join(registration: Registration): void {
    const { synchronizer, active } = registration;
    const membership = this.parts.topology.join(synchronizer, active.psid);
    registration.membership = membership;
    membership.replica.onLearnt = () => this.followUpgrade(registration);
    this.shareLinks(registration);
  }

  private shareLinks({ membership, psids }: Registration): void {
    if (membership) membership.replica.psids = psids;
  }

  /** Shakes hands with a successor once it is announced, and goes over to it once it orders. */
  private followUpgrade(registration: Registration): void {
    const { membership, synchronizer, active } = registration;
    if (!membership) return;
    const { replica, outbox } = membership;
    const upgrade = replica.pendingUpgrade;
    if (!upgrade) return;
    if (!registration.knows(upgrade.successor)) {
      const addresses = successorAddresses(replica.store, upgrade.successor, BigInt(Date.now()) * 1000n);
      if (addresses.length === 0) return;
      registration.addSuccessor(upgrade, addresses);
      this.shareLinks(registration);
      this.save(registration);
    }
    if (!synchronizer.upgrades.endOf(active.psid) || this.switching.has(registration)) return;
    const timer = setTimeout(() => {
      this.switching.delete(registration);
      if (!replica.isConnected) return;
      registration.use(upgrade.successor);
      this.save(registration);
      replica.switchTo(upgrade.successor);
      outbox.start();
    }, this.parts.timing.switchMs);
    timer.unref();
    this.switching.set(registration, timer);
  }

  /** Ends what is under way; for a node that goes down. */
  close(): void {
    for (const timer of this.switching.values()) clearTimeout(timer);
  }

  /** Connects, onboarding the node first if need be; a no-op while connected. */
  async connect(alias: string): Promise<void> {
    const registration = this.find(alias);
    if (registration.isConnected) return;
    if (!registration.isReachable) {
      await wait(this.parts.timing.unreachableMs);
      if (!registration.isReachable) throw unreachable(alias);
    }
    checkUpgradeTime(registration);
    const { logicalId } = registration.synchronizer.info;
    this.parts.ledger().checkConnect(logicalId);
    const onboarding = this.onboard(registration);
    this.shakeHands(alias);
    const { membership, synchronizer } = this.find(alias);
    synchronizer.exchange.enroll(this.parts.uid);
    this.parts.ledger().onConnecting();
    this.wasConnected = true;
    membership?.replica.connect();
    membership?.outbox.start();
    if (membership) this.parts.onConnected(membership);
    if (onboarding.length === 0) return;
    await membership?.replica.whenInEffect(onboarding, ONBOARDING_MS);
    // A new member vets what every node has: it can be pinged then. Source: golden35/restricted-synchronizer.jsonl 16.
    const builtIn = BUILTIN_PACKAGES.map(({ packageId }) => packageId);
    await vet(this.parts, logicalId, builtIn, { wait: true });
  }

  /** Goes on trying to connect until the synchronizer answers or somebody disconnects it. */
  retryInBackground(alias: string): void {
    this.retried.add(alias);
    this.find(alias).synchronizer.whenUp(() => {
      if (!this.retried.delete(alias)) return;
      // As on a real node, nobody hears how an attempt in the background ends.
      this.connect(alias).catch(() => undefined);
    });
  }

  /** Connects everything that is not to be connected by hand; refuses with the first failure unless told not to. */
  async reconnectAll(ignoresFailures: boolean): Promise<void> {
    for (const { alias, config } of this.list()) {
      if (config.manual_connect === true) continue;
      try {
        await this.connect(alias);
      } catch (error) {
        if (!ignoresFailures) throw error;
      }
    }
  }

  /** Disconnects; a no-op while disconnected. */
  disconnect(alias: string): void {
    const { membership, synchronizer } = this.find(alias);
    this.retried.delete(alias);
    if (!membership?.replica.isConnected) return;
    membership.replica.disconnect();
    membership.outbox.stop();
    this.parts.ledger().onDisconnected(synchronizer.info);
  }

  private isMember({ store, info: { logicalId } }: Synchronizer): boolean {
    return store.latest(`dtc/${this.parts.uid}/${logicalId}`)?.transaction.operation === ADD;
  }

  private checkOnboarding({ alias, synchronizer }: Registration): void {
    const { store, info } = synchronizer;
    if (this.isMember(synchronizer)) return;
    if (!mayJoin({ store, logicalId: info.logicalId }, this.parts.uid)) throw onboardingRefused(alias);
  }

  /** Sends the node's identity to a synchronizer that does not know it; returns what was sent. */
  private onboard(registration: Registration): SignedTransaction[] {
    const { alias, synchronizer } = registration;
    const { logicalId } = synchronizer.info;
    const key = `dtc/${this.parts.uid}/${logicalId}`;
    if (this.isMember(synchronizer)) return [];
    this.checkOnboarding(registration);
    this.createTrustCertificate(logicalId);
    const { store } = this.parts.topology.authorized;
    const sent: SignedTransaction[] = [];
    for (const entry of store.all()) {
      const { mapping, namespace } = entry.transaction;
      const isIdentity =
        mapping.code === 'otk' ||
        (mapping.code === 'nsd' && namespace === this.parts.uid.split('::')[1]) ||
        entry.transaction.key === key;
      if (!isIdentity || entry.validUntil !== undefined) continue;
      if (!synchronizer.sequence([entry])) throw onboardingRefused(alias);
      sent.push(entry);
    }
    return sent;
  }

  private createTrustCertificate(synchronizer_id: string): void {
    const { authorized, manager } = this.parts.topology;
    const value = { participant_uid: this.parts.uid, synchronizer_id, feature_flags: [] };
    const transaction = buildTransaction(ADD, 1, { code: 'dtc', value });
    const known = authorized.store.latest(transaction.key)?.transaction;
    if (known?.operation === REMOVE || (known && isSameMapping(known.mapping, transaction.mapping)))
      return;
    const signature = this.parts.vault.sign(
      this.parts.vault.namespaceKey().fingerprint,
      transaction.hash,
    );
    manager.add([{ transaction, signatures: [signature], isProposal: false }], new Set());
  }

  /** Finds the synchronizer behind the sequencer addresses of a configuration. */
  private resolve(config: Config): Synchronizer {
    const addresses = addressesOf(config);
    const found = this.parts.synchronizers.find((one) => one.upgrades.findByAddress(addresses));
    if (found) return found;
    const alias = config.synchronizer_alias;
    throw new CantonRefusal({
      id: 'FAILED_TO_CONNECT_TO_SEQUENCERS',
      category: 9,
      cause: `Unable to connect to the sequencers of ${alias}: no synchronizer answers at ${addresses.join(', ')}`,
      metadata: { alias },
    });
  }

  /** The node fills in the sequencer's id. */
  private completed(config: Config, synchronizer: Synchronizer): Config {
    const connections = config.sequencer_connections;
    const listed = connections.sequencer_connections.map((connection) => ({
      ...connection,
      sequencer_id: synchronizer.sequencerId,
    }));
    return { ...config, sequencer_connections: { ...connections, sequencer_connections: listed } };
  }

  private save(registration: Registration): Registration {
    this.parts.journal.append('registered', registration.record);
    this.registrations.set(registration.alias, registration);
    return registration;
  }

  /** Takes up what a journal says; the last word on an alias counts. */
  private place({ alias, links }: RegisteredLinks): void {
    const [first] = links;
    if (first) this.registrations.set(alias, new Registration(alias, this.resolve(first.config), links));
  }
}

const ONBOARDING_MS = 30_000;

function addressesOf(config: Config): string[] {
  const connections = config.sequencer_connections;
  return connections.sequencer_connections.flatMap((one) => one.grpc?.connections ?? []);
}

function isSameConfig(one: Config, other: Config): boolean {
  return encode(CONFIG, one).equals(encode(CONFIG, other));
}

function unreachable(alias: string): CantonRefusal {
  const reason = 'TimeoutError(Connection pool failed to initialize within 30 seconds)';
  return new CantonRefusal({
    id: 'SYNCHRONIZER_IS_NOT_AVAILABLE',
    category: 1,
    cause: `Cannot connect to synchronizer Synchronizer '${alias}'`,
    metadata: { alias: `Synchronizer '${alias}'`, synchronizer: alias, reason },
  });
}

function stillConnected(alias: string) {
  const cause = `Synchronizer '${alias}' is connected: disconnect it before a late upgrade.`;
  return { id: 'SYNC_SERVICE_SYNCHRONIZER_MUST_BE_OFFLINE', category: 9 as const, cause };
}

function notActive(alias: string, inactive: string): CantonRefusal {
  return new CantonRefusal({
    id: 'SYNC_SERVICE_SYNCHRONIZER_STATUS_NOT_ACTIVE',
    category: 9,
    cause: `Synchronizer '${alias}' is not active which prevents operation \`modify synchronizer\` from being performed.`,
    metadata: {
      operation: 'modify synchronizer',
      synchronizerAlias: `Synchronizer '${alias}'`,
      inactive: `List(${inactive})`,
    },
  });
}

/** A node that was told a wrong time looks for an event that the successor never had. Source: networks B. */
function checkUpgradeTime({ active, synchronizer, membership }: Registration): void {
  const { predecessor } = active;
  if (!predecessor?.isLate) return;
  if (synchronizer.upgrades.endOf(predecessor.psid)?.upgradeTime === predecessor.upgradeTime) return;
  const last = new Date((membership?.replica.cleanTime ?? 0) / 1000).toISOString();
  throw new PlainFailure(`SequencerIndex with timestamp ${last} is not found in sequenced event store`);
}

function onboardingRefused(alias: string): CantonRefusal {
  const description = 'Unable to register onboarding topology transactions';
  return new CantonRefusal({
    id: 'INITIAL_ONBOARDING_ERROR',
    category: 9,
    cause: `Transport(Status{code=FAILED_PRECONDITION, description=${description}, cause=null})`,
    metadata: { synchronizer: alias },
  });
}
