import { BUILTIN_PACKAGES } from './builtin-packages.js';
import { CantonRefusal, shortenIds } from './errors.js';
import { unknownAlias } from './connectivity.js';
import type { Journal, LedgerPort } from './node.js';
import type { Synchronizer } from './synchronizer.js';
import { vet } from './topology-port.js';
import { mayJoin } from './topology/grants.js';
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

/** A synchronizer a node has a configuration for. */
export interface Registration {
  readonly alias: string;
  readonly synchronizer: Synchronizer;
  config: Config;
  /** Present once the node has connected or shaken hands. */
  membership?: Membership;
}

/** What the connections of a node are made of. */
export interface ConnectionParts {
  readonly uid: string;
  readonly vault: Vault;
  readonly topology: NodeTopology;
  readonly journal: Journal;
  readonly ledger: () => LedgerPort;
  readonly synchronizers: readonly Synchronizer[];
}

const CONFIG = 'com.digitalasset.canton.admin.participant.v30.SynchronizerConnectionConfig';

/** The synchronizers of one participant: registered, joined, connected. Source: admin-api 1.13. */
export class Connections {
  private readonly registrations = new Map<string, Registration>();
  /** Aliases with a reconnect pending in the background. */
  private readonly retried = new Set<string>();

  constructor(private readonly parts: ConnectionParts) {
    for (const record of parts.journal.replay('registered')) this.place(record);
    for (const record of parts.journal.replay('joined')) {
      const found = this.list().find(({ synchronizer }) => synchronizer.info.physicalId === record);
      if (found) found.membership = parts.topology.join(found.synchronizer);
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
    return this.store(this.completed(config, this.resolve(config)));
  }

  /** Replaces the configuration of a registered synchronizer, connected or not. */
  modify(config: Config, physicalId: string | undefined): void {
    const known = this.find(config.synchronizer_alias);
    const psid = known.synchronizer.info.physicalId;
    if (physicalId !== undefined && physicalId !== psid) {
      const cause = `Synchronizer connection for ${known.alias} and ${shortenIds(physicalId)} is not known`;
      throw new CantonRefusal({ id: 'SYNC_SERVICE_PHYSICAL_ID_REGISTRATION', category: 11, cause });
    }
    this.store(this.completed(config, known.synchronizer));
  }

  /** Learns the static parameters and the topology of a synchronizer without following it; refused to who may not join. */
  shakeHands(alias: string): void {
    const registration = this.find(alias);
    if (registration.membership) return;
    this.checkOnboarding(registration);
    registration.membership = this.parts.topology.join(registration.synchronizer);
    this.parts.journal.append('joined', registration.synchronizer.info.physicalId);
  }

  /** Connects, onboarding the node first if need be; a no-op while connected. */
  async connect(alias: string): Promise<void> {
    const registration = this.find(alias);
    if (registration.membership?.replica.isConnected) return;
    if (!registration.synchronizer.isUp) throw unreachable(alias);
    const { logicalId } = registration.synchronizer.info;
    this.parts.ledger().checkConnect(logicalId);
    const onboarding = this.onboard(registration);
    this.shakeHands(alias);
    const { membership, synchronizer } = this.find(alias);
    synchronizer.exchange.enroll(this.parts.uid);
    this.parts.ledger().onConnecting();
    membership?.replica.connect();
    membership?.outbox.start();
    if (onboarding.length === 0) return;
    await membership?.replica.whenInEffect(onboarding, ONBOARDING_MS);
    // A new member vets what every node has: it can be pinged then. Source: golden35/restricted-synchronizer.jsonl 16.
    const builtIn = BUILTIN_PACKAGES.map(({ packageId }) => packageId);
    await vet(this.parts, logicalId, builtIn, true);
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
    const found = this.parts.synchronizers.find((one) => addresses.includes(one.url));
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

  private store(config: Config): Registration {
    this.parts.journal.append('registered', config);
    return this.place(config);
  }

  private place(config: Config): Registration {
    const alias = config.synchronizer_alias;
    const known = this.registrations.get(alias);
    if (known) {
      known.config = config;
      return known;
    }
    const registration: Registration = { alias, synchronizer: this.resolve(config), config };
    this.registrations.set(alias, registration);
    return registration;
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
  return new CantonRefusal({
    id: 'FAILED_TO_CONNECT_TO_SEQUENCERS_TRANSIENT',
    category: 1,
    cause: `Unable to connect to the sequencers of ${alias}: no sequencer answers`,
    metadata: { alias },
  });
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

/** Returns the configuration a scenario registers a synchronizer with: the recorded defaults. Source: admin-api 1.13. */
export function defaultConfig(alias: string, url: string): Config {
  const ms = (count: number) => ({
    seconds: String(Math.floor(count / 1000)),
    nanos: (count % 1000) * 1_000_000,
  });
  return {
    synchronizer_alias: alias,
    sequencer_connections: {
      sequencer_connections: [{ grpc: { connections: [url] } }],
      sequencer_trust_threshold: 1,
      submission_request_amplification: { factor: 1, patience: {} },
      sequencer_connection_pool_delays: {
        min_restart_delay: ms(10),
        max_restart_delay: ms(10_000),
        subscription_request_delay: ms(1000),
        warn_validation_delay: ms(20_000),
      },
    },
    time_tracker: {
      observation_latency: ms(250),
      patience_duration: ms(500),
      min_observation_duration: ms(86_400_000),
      time_proof_request: {
        initial_retry_delay: ms(200),
        max_retry_delay: ms(5000),
        max_sequencing_delay: ms(10_000),
      },
    },
  };
}
