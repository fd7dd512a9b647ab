import { CantonRefusal } from '../errors.js';
import type { Contract } from './contracts.js';
import { Domain, namespaceOf } from './domain.js';
import { makeKeyPair, type KeyPair, type SigningPublicKey } from './keys.js';
import {
  encodingOf,
  inEffect,
  reencoded,
  signRow,
  unauthorized,
  type Row,
  type RowMapping,
} from './rows.js';
import type { LocalState } from './local-state.js';
import { newLocalState } from './local-state.js';
import type { StoredDar } from './package-service.js';

/** How a participant knows a domain. */
export interface DomainEntry {
  readonly alias: string;
  readonly domain: Domain;
  config: Record<string, unknown>;
  isManualConnect: boolean;
  isConnected: boolean;
}

/** What the Ledger API tells of one offset. */
export interface LedgerEvent {
  readonly workflowId: string;
  readonly created: readonly string[];
  readonly archived: readonly string[];
}

export interface ParticipantOptions {
  readonly name: string;
  readonly seed: string;
  readonly initialProtocolVersion: number;
  readonly edition: 'community' | 'enterprise';
}

/** Everything that a participant keeps, and what a crash loses. */
export class Participant210 {
  readonly uid: string;
  readonly namespaceKey: KeyPair;
  readonly keys = new Map<string, KeyPair>();
  readonly publicKeys = new Map<string, { key: SigningPublicKey; name: string }>();
  readonly authorized: Row[] = [];
  readonly domains: DomainEntry[] = [];
  readonly dars = new Map<string, StoredDar>();
  readonly contracts = new Map<string, Contract>();
  readonly events: LedgerEvent[] = [];
  readonly local: LocalState = newLocalState();
  /** Parties that were ever local. */
  readonly localParties = new Set<string>();
  limits = { max_dirty_requests: 100, max_rate: -1, max_burst_factor: 0.5 };
  /** What every import, purge and connect answers until a restart. Source: canton-2.10 H, item 4. */
  jammed: string | undefined;
  /** Why no connect works any more, restart or not. */
  brokenFor: string | undefined;

  constructor(readonly options: ParticipantOptions) {
    const { name, seed } = options;
    this.namespaceKey = makeKeyPair(`${seed}/${name}/namespace`, `${name}-namespace`);
    this.uid = `${name}::${this.namespaceKey.id}`;
    const signing = makeKeyPair(`${seed}/${name}/signing`, `${name}-signing`);
    const encryption = makeKeyPair(`${seed}/${name}/encryption`, `${name}-encryption`, 'encryption');
    for (const pair of [this.namespaceKey, signing, encryption]) {
      this.keys.set(pair.id, pair);
      this.publicKeys.set(pair.id, { key: pair.publicKey, name: pair.name });
    }
    const namespace = this.namespaceKey.id;
    const target_key = this.namespaceKey.publicKey;
    this.authorize({ namespace_delegation: { namespace, target_key, is_root_delegation: true } });
    for (const { publicKey, purpose } of [signing, encryption])
      this.authorize({
        owner_to_key_mapping: {
          key_owner: `PAR::${this.uid}`,
          public_key:
            purpose === 'signing'
              ? { signing_public_key: publicKey }
              : {
                  encryption_public_key: {
                    ...publicKey,
                    scheme: 'EciesP256HkdfHmacSha256Aes128Gcm',
                  },
                },
        },
      });
  }

  /** As it writes topology transactions by itself. */
  get encoding(): number {
    return encodingOf(this.options.initialProtocolVersion);
  }

  get ledgerEnd(): number {
    return this.events.length;
  }

  entry(alias: string): DomainEntry {
    const found = this.domains.find((its) => its.alias === alias);
    if (found) return found;
    throw new CantonRefusal({
      id: 'SYNC_SERVICE_UNKNOWN_DOMAIN',
      category: 11,
      cause: `The domain with alias ${alias} is unknown.`,
    });
  }

  /** Adds a transaction of its own, signed with a key of the node that may sign it. */
  authorize(mapping: RowMapping, removes?: Row): Row {
    const change = removes
      ? ({ operation: 'Remove', mapping, element: removes.element } as const)
      : ({ operation: 'Add', mapping } as const);
    const row = signRow(change, this.encoding, this.signerOf(mapping));
    this.add(row);
    return row;
  }

  /** Stores a transaction that is authorised by what is stored already, and sends it on. */
  add(row: Row): void {
    this.authorized.push(row);
    for (const { domain, isConnected } of this.domains) if (isConnected) this.dispatch(row, domain);
  }

  /** Loads what somebody else signed. */
  load(row: Row): void {
    const isKnown = this.authorized.some(({ serialized }) => serialized.equals(row.serialized));
    if (isKnown)
      throw new CantonRefusal({
        id: 'DUPLICATE_TOPOLOGY_TRANSACTION',
        category: 10,
        cause: 'The given topology transaction already exists.',
      });
    const { namespace_delegation: delegation } = row.mapping;
    const isRoot = delegation?.namespace === delegation?.target_key?.id;
    if (delegation && !isRoot && !this.isDelegated(row.key.id ?? '', delegation.namespace ?? ''))
      throw unauthorized();
    if (delegation?.target_key?.id)
      this.publicKeys.set(delegation.target_key.id, { key: delegation.target_key, name: '' });
    this.add(row);
  }

  /** Whether a key may sign for a namespace by what is stored. */
  isDelegated(key: string, namespace: string): boolean {
    return inEffect(this.authorized).some(({ mapping }) => {
      const its = mapping.namespace_delegation;
      return its?.namespace === namespace && its.target_key?.id === key;
    });
  }

  private signerOf(mapping: RowMapping): KeyPair {
    const { namespace_delegation: delegation, party_to_participant: hosting } = mapping;
    const namespaces = delegation
      ? [delegation.namespace ?? '']
      : hosting
        ? [namespaceOf(hosting.party ?? ''), namespaceOf(hosting.participant ?? '')]
        : [this.namespaceKey.id];
    const isRootLevel = (key: string, namespace: string) => key === namespace;
    const may = (key: string) =>
      namespaces.every((namespace) =>
        delegation
          ? isRootLevel(key, namespace)
          : isRootLevel(key, namespace) || this.isDelegated(key, namespace),
      );
    const found = [...this.keys.values()].find(({ id, purpose }) => purpose === 'signing' && may(id));
    if (found) return found;
    throw new CantonRefusal({
      id: 'NO_APPROPRIATE_SIGNING_KEY_IN_STORE',
      category: 11,
      cause: 'Could not find an appropriate signing key to issue the topology transaction',
    });
  }

  /** Rows that a domain does not have: of another encoding, and nobody here can sign them again. */
  stuckFor(domain: Domain): Row[] {
    return this.authorized.filter((row) => !this.isPublishable(row, domain));
  }

  /** Sends a row to a domain, in its encoding. */
  dispatch(row: Row, domain: Domain): void {
    if (!this.isPublishable(row, domain)) return;
    const pair = this.keys.get(row.key.id ?? '');
    domain.publish(row.encoding === domain.encoding ? row : reencoded(row, domain.encoding, pair!));
  }

  private isPublishable(row: Row, domain: Domain): boolean {
    if (row.encoding === domain.encoding || this.keys.has(row.key.id ?? '')) return true;
    // The right one was loaded beside it.
    return this.authorized.some(
      (its) =>
        its.element === row.element &&
        its.operation === row.operation &&
        its.encoding === domain.encoding,
    );
  }

  /** Active contracts of which one of these is a stakeholder, on domains whose id begins so. */
  activeOf(parties: ReadonlySet<string>, domainPrefix = ''): Contract[] {
    return [...this.contracts.values()].filter(
      ({ state, domain, signatories, observers }) =>
        state === 'active' &&
        domain.startsWith(domainPrefix) &&
        [...signatories, ...observers].some((party) => parties.has(party)),
    );
  }

  append(event: LedgerEvent): void {
    this.events.push(event);
  }

  /** What a crash loses. */
  forget(): void {
    this.jammed = undefined;
    for (const entry of this.domains) entry.isConnected = false;
  }
}
