import { fromBinary, type MessageInitShape } from '@bufbuild/protobuf';

import type {
  AnnouncedUpgrade,
  DecentralizedNamespace,
  NamespaceDelegation,
  PartyMapping,
  Permission,
  SignedDefinition,
  SignedDelegation,
  SignedMapping,
  SynchronizerGrant,
  TopologyStore,
  VettedPackage,
} from '../../model/participant.js';
import { namespaceOf } from '../../model/plan.js';
import type { TopologyChanges } from '../../model/participant-changes.js';
import type { TopologyReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import { CantonError } from '../errors.js';
import {
  Enums_TopologyChangeOp as Change,
  SignedTopologyTransactionSchema,
  type TopologyMapping,
  type TopologyMappingSchema,
} from '../gen/com/digitalasset/canton/protocol/v30/topology_pb.js';
import type { TopologyTransactions_Item as Item } from '../gen/com/digitalasset/canton/topology/admin/v30/common_pb.js';
import { TopologyAggregationService } from '../gen/com/digitalasset/canton/topology/admin/v30/topology_aggregation_service_pb.js';
import { TopologyManagerReadService } from '../gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import {
  ForceFlag,
  TopologyManagerWriteService,
  type AuthorizeRequest_ProposalSchema,
} from '../gen/com/digitalasset/canton/topology/admin/v30/topology_manager_write_service_pb.js';
import { listWhole } from './large-lists.js';
import { scanPartyMappings, type MappingFilter, type MappingReading } from './party-mappings.js';
import { toMicroseconds } from '../times.js';
import {
  delegationMapping,
  fromPartyMapping,
  fromVettedPackages,
  latestOf,
  namespaceFilters,
  permissionOf,
  queryOf,
  storeIdOf,
  toDelegation,
  toGrant,
  toVettedPackages,
  unwrapDefinition,
  unwrapDelegation,
  unwrapPartyMapping,
} from './topology-messages.js';

/** More than any participant hosts; the call wants a number. */
const MAX_PARTIES = 10_000_000;

/** As Canton names kinds of mappings in a filter. */
type MappingCode = 'nsd' | 'dnd' | 'ptk' | 'ptp';

const read = TopologyManagerReadService.method;
const write = TopologyManagerWriteService.method;

type Query = ReturnType<typeof queryOf>;

type Mapping = Exclude<MessageInitShape<typeof TopologyMappingSchema>, TopologyMapping>;

/**
 * Reads and changes the topology as one participant knows it.
 *
 * No change waits until it is effective: the wait would end in a failure of unknown outcome, so callers poll
 * the reads. The filters of Canton are prefixes and substrings; what comes back here fits exactly. Source:
 * admin-api 1.5 and 1.6.
 */
export class Topology implements TopologyReads, TopologyChanges {
  constructor(private readonly channel: Channel) {}

  async listDelegations(store: TopologyStore, namespace: string): Promise<NamespaceDelegation[]> {
    return (await this.listDelegationsOf(store, [namespace])).get(namespace)!;
  }

  async listDelegationsOf(
    store: TopologyStore,
    namespaces: readonly string[],
  ): Promise<Map<string, NamespaceDelegation[]>> {
    const found = new Map(namespaces.map((its): [string, NamespaceDelegation[]] => [its, []]));
    for (const filterNamespace of namespaceFilters(found)) {
      const list = async (baseQuery: Query) =>
        (await this.channel.unary(read.listNamespaceDelegation, { baseQuery, filterNamespace })).results;
      const results = await listWhole(queryOf(store), list, (its) => its.context?.validUntil);
      const delegations = results.flatMap(
        ({ item, context }) => toDelegation(item, context?.serial) ?? [],
      );
      const known = new Map(delegations.map((its) => [`${its.namespace} ${its.targetKey}`, its]));
      for (const delegation of known.values()) found.get(delegation.namespace)?.push(delegation);
    }
    return found;
  }

  /** An equal delegation fails with `TOPOLOGY_MAPPING_ALREADY_EXISTS`. */
  async proposeDelegation({
    namespace,
    targetKey,
  }: {
    namespace: string;
    targetKey: Uint8Array;
  }): Promise<void> {
    const mapping = delegationMapping({ namespace, targetKey });
    await this.authorize('authorized', Change.ADD_REPLACE, 0, mapping);
  }

  /** In the order of the store: what was issued first comes first. */
  async listSignedDelegations(namespace: string): Promise<SignedDelegation[]> {
    const items = await this.listStored(queryOf('authorized'), ['nsd'], namespace);
    return items
      .filter(({ rejectionReason }) => rejectionReason === undefined)
      .flatMap(({ transaction }) => unwrapDelegation(transaction) ?? [])
      .filter(({ delegation }) => delegation.namespace === namespace);
  }

  /** Few namespaces are asked for one by one, else all there are are read in one call. Source: networks C. */
  async listDefinitions(
    store: TopologyStore,
    namespaces: readonly string[],
  ): Promise<SignedDefinition[]> {
    const asked = new Set(namespaces);
    let found: SignedDefinition[] = [];
    for (const filter of namespaceFilters(asked)) {
      const held = await this.readDefinitions(queryOf(store), ['nsd', 'dnd', 'ptk'], filter);
      found = found.concat(held.filter(({ kind }) => kind !== 'owners'));
      if (!held.some(({ kind }) => kind === 'owners')) continue;
      // Later owners are authorised by earlier ones, so each definition counts only after those before it.
      const ever = await this.readDefinitions(queryOf(store, { isOfAllTimes: true }), ['dnd'], filter);
      found = found.concat(ever.sort((one, other) => one.serial - other.serial));
    }
    return found.filter(({ namespace }) => asked.has(namespace));
  }

  private async readDefinitions(
    query: Query,
    codes: MappingCode[],
    filterNamespace: string,
  ): Promise<SignedDefinition[]> {
    const items = await this.listStored(query, codes, filterNamespace);
    return items
      .filter(({ rejectionReason }) => rejectionReason === undefined)
      .flatMap(({ transaction }) => unwrapDefinition(transaction) ?? []);
  }

  /**
   * Safe to repeat: transactions that are stored already are skipped. Whether one is a proposal is not
   * signed: with `mustFullyAuthorize` none is, and with those of the stored proposal its signatures have to
   * suffice, here and again when it is ordered. Source: networks D.
   */
  async addTransactions(
    signed: Uint8Array[],
    store: TopologyStore,
    { mustFullyAuthorize = false }: { mustFullyAuthorize?: boolean } = {},
  ): Promise<void> {
    await this.channel.unary(write.addTransactions, {
      // Only the frame is read: the signed bytes and fields not known here go out as they came.
      transactions: signed.map((bytes) => {
        const its = fromBinary(SignedTopologyTransactionSchema, bytes);
        if (mustFullyAuthorize) its.proposal = false;
        return its;
      }),
      store: storeIdOf(store),
    });
  }

  async listPartyMappings(
    store: TopologyStore,
    filter: MappingFilter,
    reading: MappingReading & { among?: ReadonlySet<string> } = {},
  ): Promise<PartyMapping[]> {
    const found: PartyMapping[] = [];
    const { among } = reading;
    for await (const mapping of scanPartyMappings(this.channel, store, filter, reading))
      if (!among || among.has(mapping.party)) found.push(mapping);
    return reading.isProposal ? found : latestOf(found);
  }

  /** Serial 0 lets the node choose; a stale one fails with `TOPOLOGY_SERIAL_MISMATCH`. */
  async proposePartyMapping(
    store: TopologyStore,
    mapping: PartyMapping,
    { isForced = false } = {},
  ): Promise<void> {
    const value = fromPartyMapping(mapping);
    await this.authorize(
      store,
      Change.ADD_REPLACE,
      mapping.serial,
      { case: 'partyToParticipant', value },
      { forceChanges: isForced ? [ForceFlag.DISABLE_PARTY_WITH_ACTIVE_CONTRACTS] : [] },
    );
  }

  /** As {@link proposePartyMapping}; an accepted proposal says nothing of what is in effect. */
  async proposePartyHosting(store: TopologyStore, mapping: PartyMapping): Promise<void> {
    const value = fromPartyMapping(mapping);
    await this.authorize(
      store,
      Change.ADD_REPLACE,
      mapping.serial,
      { case: 'partyToParticipant', value },
      { mustFullyAuthorize: false },
    );
  }

  /** In the order of the store. A proposal that became effective is none any more. */
  async listSignedPartyProposals(store: TopologyStore, namespace: string): Promise<SignedMapping[]> {
    const items = await this.listStored(queryOf(store, { isProposal: true }), ['ptp'], namespace);
    return items
      .filter(({ rejectionReason }) => rejectionReason === undefined)
      .flatMap(({ transaction }) => unwrapPartyMapping(transaction) ?? [])
      .filter(({ mapping }) => namespaceOf(mapping.party).startsWith(namespace));
  }

  /**
   * Serial 0 lets the node choose. The serial of a removal counts: the next mapping gets the one after it.
   */
  async removePartyMapping(store: TopologyStore, mapping: PartyMapping): Promise<void> {
    const value = fromPartyMapping(mapping);
    await this.authorize(store, Change.REMOVE, mapping.serial, { case: 'partyToParticipant', value });
  }

  async findVettedPackages(
    store: TopologyStore,
    participantUid: string,
  ): Promise<{ packages: VettedPackage[]; serial: number } | undefined> {
    const { results } = await this.channel.unary(read.listVettedPackages, {
      baseQuery: queryOf(store),
      filterParticipant: participantUid,
    });
    const found = results.find(({ item }) => item?.participantUid === participantUid);
    return found?.item && { packages: toVettedPackages(found.item), serial: found.context?.serial ?? 0 };
  }

  /** Only for the participant itself. Serial 0 lets the node choose. */
  async proposeVettedPackages(
    store: TopologyStore,
    wanted: { participantUid: string; packages: VettedPackage[]; serial: number },
  ): Promise<void> {
    const value = fromVettedPackages(wanted.participantUid, wanted.packages);
    await this.authorize(store, Change.ADD_REPLACE, wanted.serial, { case: 'vettedPackages', value });
  }

  async listDecentralizedNamespaces(store: TopologyStore): Promise<DecentralizedNamespace[]> {
    const list = async (baseQuery: Query) =>
      (await this.channel.unary(read.listDecentralizedNamespaceDefinition, { baseQuery })).results;
    const results = await listWhole(queryOf(store), list, (its) => its.context?.validUntil);
    const definitions = results.flatMap(({ item }) => {
      if (!item) return [];
      const { decentralizedNamespace: namespace, owners, threshold } = item;
      return [{ namespace, owners, threshold }];
    });
    return [...new Map(definitions.map((its) => [its.namespace, its])).values()];
  }

  async listParticipants(store: TopologyStore): Promise<string[]> {
    const request = { baseQuery: queryOf(store) };
    const { results } = await this.channel.unary(read.listSynchronizerTrustCertificate, request);
    return results.flatMap(({ item }) => item?.participantUid ?? []);
  }

  async listPartiesWithKeys(store: TopologyStore): Promise<string[]> {
    const list = async (baseQuery: Query) =>
      (await this.channel.unary(read.listPartyToKeyMapping, { baseQuery })).results;
    const results = await listWhole(queryOf(store), list, (its) => its.context?.validUntil);
    return [...new Set(results.flatMap(({ item }) => item?.party ?? []))];
  }

  async readGrant(store: TopologyStore, participantUid: string): Promise<SynchronizerGrant> {
    const baseQuery = queryOf(store);
    const parameters = await this.channel.unary(read.listSynchronizerParametersState, { baseQuery });
    const method = read.listParticipantSynchronizerPermission;
    const { results } = await this.channel.unary(method, { baseQuery, filterUid: participantUid });
    const own = results.find(({ item }) => item?.participantUid === participantUid)?.item;
    return toGrant(parameters.results[0]?.item, own);
  }

  /** Not for the inventory: with thousands of parties it takes half a minute. Source: networks H. */
  async listEffectiveHosting(
    synchronizerId: string,
    participantUid: string,
  ): Promise<{ party: string; permission: Permission }[]> {
    const { results } = await this.channel.unary(TopologyAggregationService.method.listParties, {
      limit: MAX_PARTIES,
      synchronizerIds: [synchronizerId],
      filterParticipant: participantUid,
    });
    return results.flatMap(({ party, participants }) => {
      const own = participants.find((its) => its.participantUid === participantUid);
      const here = own?.synchronizers.find((its) => its.synchronizerId === synchronizerId);
      return here ? [{ party, permission: permissionOf(here.permission) }] : [];
    });
  }

  /**
   * One that is done stays announced for ever. A participant that was disconnected before knows nothing of
   * it.
   */
  async findUpgrade(store: TopologyStore): Promise<AnnouncedUpgrade | undefined> {
    const request = { baseQuery: queryOf(store) };
    // Canton 3.4 knows this method by another name. Source: admin-api 1.5.
    const { results } = await this.channel
      .unary(read.listLsuAnnouncement, request)
      .catch(
        onUnimplemented(() => this.channel.unary(read.listSynchronizerUpgradeAnnouncement, request)),
      );
    // The newest successor: an upgrade that is done is listed beside the next one.
    const serialOf = (psid: string) => Number(psid.slice(psid.lastIndexOf('-') + 1));
    const [item] = results
      .flatMap((its) => its.item ?? [])
      .sort(
        (a, b) =>
          serialOf(b.successorPhysicalSynchronizerId) - serialOf(a.successorPhysicalSynchronizerId),
      );
    if (!item) return undefined;
    const { successorPhysicalSynchronizerId: successor, upgradeTime } = item;
    return { successor, time: upgradeTime ? toMicroseconds(upgradeTime) : 'unknown' };
  }

  private async listStored(
    baseQuery: Query,
    codes: MappingCode[],
    filterNamespace: string,
  ): Promise<Item[]> {
    const list = async (query: Query) => {
      const request = { baseQuery: query, filterNamespace };
      // Canton 3.4 has only the second, which lists every kind of mapping. Source: admin-api 1.5.
      const { result } = await this.channel
        .unary(read.listAllV2, { ...request, includeMappings: codes })
        .catch(onUnimplemented(() => this.channel.unary(read.listAll, request)));
      return result?.items ?? [];
    };
    return listWhole(baseQuery, list, ({ validUntil }) => validUntil);
  }

  private async authorize(
    store: TopologyStore,
    change: Change,
    serial: number,
    mapping: NonNullable<Mapping['mapping']>,
    options: { mustFullyAuthorize?: boolean; forceChanges?: ForceFlag[] } = {},
  ): Promise<void> {
    const proposal: MessageInitShape<typeof AuthorizeRequest_ProposalSchema> = {
      change,
      serial,
      mapping: { mapping },
    };
    // Not fully authorised, a change would be distributed as a proposal that nobody may ever complete.
    await this.channel.unary(write.authorize, {
      type: { case: 'proposal', value: proposal },
      mustFullyAuthorize: true,
      store: storeIdOf(store),
      ...options,
    });
  }

  /** By `proposePartyMapping`, while it is connected. */
  hostParty(): Promise<void> {
    throw new Error('a participant of Canton 3 hosts a party by its mapping');
  }

  unhostParty(): Promise<void> {
    return this.hostParty();
  }
}

function onUnimplemented<T>(retry: () => Promise<T>): (error: unknown) => Promise<T> {
  return async (error) => {
    if (error instanceof CantonError && error.code === 'UNIMPLEMENTED') return retry();
    throw error;
  };
}
