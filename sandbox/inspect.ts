import type { Participant } from './participant.js';
import type { Annotations } from './ledger/annotations.js';
import type { Damaged } from './ledger/damage.js';
import type { LedgerControl } from './ledger/half.js';
import type { IdentityProvider } from './ledger/identity-providers.js';
import type { UserRecord } from './ledger/users.js';
import type { PartyToParticipant } from './topology/mapping.js';
import { ADD } from './topology/transaction.js';
import { fingerprint, pemOf } from './crypto.js';
import { offlineRoot } from './signers.js';

/** A delegation as a test looks at it. */
export interface DelegationView {
  readonly namespace: string;
  /** Fingerprint of the target key. */
  readonly target: string;
  readonly restriction: 'all' | 'all-but-nsd' | 'specific';
  readonly serial: number;
}

/** Users, identity providers, annotations of parties and pruning of a node, as a test looks at them. */
export interface LocalStateView {
  readonly identityProviders: readonly IdentityProvider[];
  readonly users: readonly UserRecord[];
  readonly annotations: Readonly<Record<string, Annotations>>;
  /** Empty without a schedule. */
  readonly pruningCron: string;
}

/** A participant as tests and the control port see it: its true state, beside its APIs. */
export class ParticipantView {
  constructor(readonly participant: Participant) {}

  get name(): string {
    return this.participant.settings.name;
  }

  get uid(): string {
    return this.participant.node.uid;
  }

  /** `host:port`. */
  get adminAddress(): string {
    return this.participant.adminAddress;
  }

  /** `host:port`. */
  get ledgerAddress(): string {
    return this.participant.ledgerAddress;
  }

  get isUp(): boolean {
    return this.participant.isUp;
  }

  /** What the ledger half offers to tests. */
  get ledger(): LedgerControl {
    return this.participant.node.half.control;
  }

  /** Dies like a kill; comes back on the same ports after the given time, if any. */
  crash(restartAfterMs?: number): void {
    this.participant.crash(restartAfterMs);
  }

  /** Dies if it is up, and starts again. */
  restart(): Promise<void> {
    return this.participant.restart();
  }

  /** Copies what it has on disk, whether it runs or not; returns the name of the copy. */
  backup(): string {
    return this.participant.backUp();
  }

  /** Takes it back to a copy and starts it. */
  restore(backup: string): Promise<void> {
    return this.participant.restore(backup);
  }

  /** What it has processed although it cannot be: what no client is told, and nothing heals. */
  damage(): readonly Damaged[] {
    return this.ledger.damage.list();
  }

  /** Whether nothing but a rebuild helps it any more. */
  isDamaged(): boolean {
    return this.damage().length > 0;
  }

  /** Whether it has an identity. */
  get isInitialized(): boolean {
    return this.participant.node.isInitialized;
  }

  /**
   * Takes the root namespace key off the node, as an operator does who keeps it offline. Returns it as PEM; the node
   * has it no more, if it ever had it. Fails where it is in the KMS, or was taken already.
   */
  takeRootKey(): string {
    const { vault, settings } = this.participant.node;
    const { name, seed, identity, rootKeySpec } = settings;
    const der =
      identity === 'offline-root'
        ? offlineRoot(seed, name, rootKeySpec).privateKey
        : vault.takeOff(vault.namespaceKey().fingerprint);
    if (!der) throw new Error(`${this.name} does not hold its root namespace key`);
    return pemOf(der);
  }

  /** Lists the delegations in force, in the Authorized store or on a synchronizer (alias or id). */
  delegations(synchronizer?: string): DelegationView[] {
    return this.inForce('nsd', synchronizer).flatMap(({ mapping, serial }) => {
      if (mapping.code !== 'nsd') return [];
      const { value } = mapping;
      const restriction = value.can_sign_all_mappings
        ? 'all'
        : value.can_sign_specific_mapings
          ? 'specific'
          : 'all-but-nsd';
      const view: DelegationView = {
        namespace: value.namespace,
        target: fingerprint(value.target_key.public_key),
        restriction,
        serial,
      };
      return [view];
    });
  }

  /** Lists the hosting of every party on the one synchronizer given, or on all. */
  parties(synchronizer?: string): PartyToParticipant[] {
    const names = synchronizer === undefined ? this.joined() : [synchronizer];
    return names.flatMap((name) =>
      this.inForce('ptp', name).flatMap(({ mapping }) =>
        mapping.code === 'ptp' ? [mapping.value] : [],
      ),
    );
  }

  /** Uids of the participants that host a party, on any synchronizer the node has joined. */
  hosts(party: string, synchronizer?: string): string[] {
    const found = this.parties(synchronizer).filter((one) => one.party === party);
    return [...new Set(found.flatMap((one) => one.participants.map((host) => host.participant_uid)))];
  }

  /** Aliases of the synchronizers it is connected to. */
  connected(): string[] {
    return this.participant.node.port.connected().map((one) => one.alias);
  }

  /** Ids of its active contracts, in the order of their creation here. */
  contracts(): string[] {
    return this.ledger.activeContractIds();
  }

  /** Package ids it has vetted on a synchronizer (alias or id). */
  vetted(synchronizer: string): string[] {
    const { port } = this.participant.node;
    return [...port.vetted(port.find(synchronizer)?.logicalId ?? synchronizer)];
  }

  /** Package ids in its package store. */
  packages(): string[] {
    return [...this.participant.node.half.port.packageIds()];
  }

  /** What it alone knows beside its ledger, in an order of its own and without versions. */
  localState(): LocalStateView {
    const { accounts, pruning } = this.ledger;
    return {
      identityProviders: accounts.providers.list(),
      users: accounts.users.all().map((user) => ({ ...user, version: 0 })),
      annotations: Object.fromEntries(
        accounts.parties
          .all()
          .filter(({ annotations }) => Object.keys(annotations).length > 0)
          .map(({ party, annotations }) => [party, annotations]),
      ),
      pruningCron: pruning.schedule?.cron ?? '',
    };
  }

  private joined(): string[] {
    return [...this.participant.node.topology.memberships.keys()];
  }

  private inForce(code: 'nsd' | 'ptp', synchronizer?: string) {
    const { topology, port } = this.participant.node;
    const id =
      synchronizer === undefined ? undefined : (port.find(synchronizer)?.logicalId ?? synchronizer);
    const store = id === undefined ? topology.authorized.store : topology.find(id)?.replica.store;
    const now = BigInt(Date.now()) * 1000n;
    return (store?.all(code) ?? [])
      .filter(
        (entry) => !entry.isProposal && entry.transaction.operation === ADD && entry.validFrom <= now,
      )
      .filter((entry) => entry.validUntil === undefined || entry.validUntil > now)
      .map((entry) => entry.transaction);
  }
}
