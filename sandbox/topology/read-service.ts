import { micros, timestamp } from '../clock.js';
import { fingerprint } from '../crypto.js';
import { deserializationFailure, fieldNotSet } from '../errors.js';
import { unary, type Service, type Services } from '../grpc.js';
import type { Decoded, Encodable } from '../wire.js';
import { ALL_CODES, isOf, type Mapping, type MappingCode, type MappingValues } from './mapping.js';
import type { NodeTopology, ReadableStore } from './node-topology.js';
import { isPartOf, type AsOf, type StoredTransaction } from './store.js';
import { signers, storedBytes } from './transaction.js';

type Admin = 'com.digitalasset.canton.topology.admin.v30';
type BaseQuery = Decoded<`${Admin}.BaseQuery`>;
type BaseResult = Encodable<`${Admin}.BaseResult`>;

/** What every listing is asked with. */
interface Listing {
  readonly base_query?: BaseQuery;
}

interface ListingOfAll extends Listing {
  readonly filter_namespace?: string;
}

interface Found {
  readonly entry: StoredTransaction;
  readonly from: ReadableStore;
}

/** Simulates the TopologyManagerReadService of one participant. Source: admin-api 1.5. */
export function topologyReadService(
  topology: NodeTopology,
  options: { readonly isVersion34: boolean },
): Services {
  return {
    'com.digitalasset.canton.topology.admin.v30.TopologyManagerReadService': {
      ...listingsOfOneCode(topology),
      ListSynchronizerParametersState: unary((request) => ({ results: parameters(topology, request) })),
      ListAvailableStores: unary(() => ({
        store_ids: topology
          .readable(undefined)
          .map((one) => one.storeId)
          .reverse(),
      })),
      ...(!options.isVersion34 && {
        ListAllV2: unary((request) => {
          const named = checkedCodes(request.include_mappings);
          const isAsked = ({ code }: Mapping) => named.length === 0 || named.includes(code);
          return { result: { items: all(topology, request, isAsked) } };
        }),
      }),
      ListAll: unary((request) => {
        const named = checkedCodes(request.exclude_mappings);
        return { result: { items: all(topology, request, ({ code }) => !named.includes(code)) } };
      }),
    },
  };
}

/** A party with identifier and namespace. */
const WHOLE_ID = /^.+::1220[0-9a-f]{64}$/;

/** The listings that return the values of one mapping code as they are stored. */
function listingsOfOneCode(topology: NodeTopology): Service<`${Admin}.TopologyManagerReadService`> {
  const list = <K extends MappingCode, Request extends Listing>(
    code: K,
    keeps: (value: MappingValues[K], request: Request) => boolean,
    keyOf?: (request: Request) => string | undefined,
  ) =>
    unary((request: Request) => ({
      results: query(topology, request, code, keyOf?.(request)).flatMap(({ entry, from }) => {
        const { mapping } = entry.transaction;
        if (!isOf(mapping, code) || !keeps(mapping.value, request)) return [];
        return [{ context: context(entry, from), item: mapping.value }];
      }),
    }));
  return {
    ListNamespaceDelegation: list('nsd', (value, request) => {
      const target = request.filter_target_key_fingerprint ?? '';
      return (
        value.namespace.startsWith(request.filter_namespace ?? '') &&
        (target === '' || fingerprint(value.target_key.public_key) === target)
      );
    }),
    ListPartyToParticipant: list(
      'ptp',
      ({ party, participants }, { filter_party: filter = '', filter_participant: host = '' }) =>
        // So a namespace alone finds nothing. Source: networks H.
        matchesParty(party, filter) &&
        party.startsWith(filter) &&
        (host === '' || participants.some((its) => `PAR::${its.participant_uid}`.includes(host))),
      ({ filter_party = '' }) => (WHOLE_ID.test(filter_party) ? `ptp/${filter_party}` : undefined),
    ),
    ListPartyToKeyMapping: list('ptk', (value, request) =>
      matchesParty(value.party, request.filter_party ?? ''),
    ),
    ListOwnerToKeyMapping: list('otk', (value, request) => {
      const [type, uid] = [value.member.slice(0, 3), value.member.slice(5)];
      const wanted = request.filter_key_owner_type ?? '';
      return (wanted === '' || wanted === type) && matchesUid(uid, request.filter_key_owner_uid ?? '');
    }),
    ListSynchronizerTrustCertificate: list('dtc', (value, request) =>
      matchesUid(value.participant_uid, request.filter_uid ?? ''),
    ),
    ListParticipantSynchronizerPermission: list('pdp', (value, request) =>
      matchesUid(value.participant_uid, request.filter_uid ?? ''),
    ),
    ListPartyHostingLimits: list('phl', (value, request) =>
      matchesUid(value.party, request.filter_uid ?? ''),
    ),
    ListVettedPackages: list('vtp', (value, request) =>
      matchesUid(value.participant_uid, request.filter_participant ?? ''),
    ),
    ListDecentralizedNamespaceDefinition: list('dnd', (value, request) =>
      value.decentralized_namespace.startsWith(request.filter_namespace ?? ''),
    ),
    ListLsuAnnouncement: list('lsu', () => true),
    ListLsuSequencerConnectionSuccessor: list('scs', () => true),
  };
}

/** Whether a filter is a prefix of the identifier and, after `::`, of the namespace. */
export function matchesUid(uid: string, filter: string): boolean {
  const [identifier = '', namespace = ''] = splitUid(uid);
  const [wanted = '', wantedNamespace = ''] = filter.includes('::') ? splitUid(filter) : [filter, ''];
  return identifier.startsWith(wanted) && namespace.startsWith(wantedNamespace);
}

/** A party is named with its whole identifier, if at all. Source: networks H. */
export function matchesParty(party: string, filter: string): boolean {
  const [identifier] = splitUid(party);
  const wanted = filter.includes('::') ? splitUid(filter)[0] : filter;
  return matchesUid(party, filter) && (wanted === '' || wanted === identifier);
}

function splitUid(uid: string): [string, string] {
  const at = uid.lastIndexOf('::');
  return [uid.slice(0, at), uid.slice(at + 2)];
}

/** Reads everything of a type, or only what is stored under a unique key. */
function query(topology: NodeTopology, request: Listing, code?: MappingCode, key?: string): Found[] {
  const base = request.base_query;
  if (!base) throw fieldNotSet('base_query');
  const asOf = timeQuery(base);
  const isProposal = base.proposals === true;
  const operation = base.operation;
  const signedKey = base.filter_signed_key ?? '';
  const found: Found[] = [];
  for (const from of topology.readable(base.store)) {
    for (const entry of key === undefined ? from.store.all(code) : from.store.history(key)) {
      if (entry.isProposal !== isProposal || !isPartOf(entry, asOf ?? from.head)) continue;
      if (code !== undefined && entry.transaction.mapping.code !== code) continue;
      if (isNamed(operation) && entry.transaction.operation !== operation) continue;
      if (signedKey !== '' && !signers(entry).some((signer) => signer.startsWith(signedKey))) continue;
      if (isOverFor(entry, from)) continue;
      found.push({ entry, from });
    }
  }
  return found;
}

/** How to reach a successor is no part of the successor's own state. Source: networks B. */
function isOverFor(
  { transaction: { mapping } }: StoredTransaction,
  { storeId }: ReadableStore,
): boolean {
  return (
    mapping.code === 'scs' &&
    mapping.value.successor_physical_synchronizer_id === storeId.synchronizer?.physical_id
  );
}

function isNamed(operation: string | undefined): operation is string {
  return operation !== undefined && operation !== 'TOPOLOGY_CHANGE_OP_UNSPECIFIED';
}

/** Returns undefined for the head state, which depends on the store. */
function timeQuery(base: BaseQuery): AsOf | undefined {
  if (base.head_state) return undefined;
  if (base.snapshot) return { kind: 'at', time: micros(base.snapshot) };
  const { range } = base;
  if (!range) throw fieldNotSet('time_query');
  return {
    kind: 'range',
    ...(range.from ? { from: micros(range.from) } : {}),
    ...(range.until ? { until: micros(range.until) } : {}),
  };
}

function context(entry: StoredTransaction, from: ReadableStore): BaseResult {
  return {
    store: from.storeId,
    ...times(entry),
    operation: entry.transaction.operation,
    transaction_hash: entry.transaction.hash,
    serial: entry.transaction.serial,
    signed_by_fingerprints: signers(entry),
  };
}

function times(entry: StoredTransaction) {
  return {
    sequenced: timestamp(entry.sequenced),
    valid_from: timestamp(entry.validFrom),
    ...(entry.validUntil === undefined ? {} : { valid_until: timestamp(entry.validUntil) }),
  };
}

function item({ entry }: Found) {
  return { ...times(entry), transaction: storedBytes(entry) };
}

function checkedCodes(named: readonly string[]): readonly string[] {
  const codes = new Set(ALL_CODES.split(', '));
  const unknown = named.find((code) => !codes.has(code));
  if (unknown !== undefined) {
    throw deserializationFailure(`UnrecognizedEnum(TopologyMapping.Code,${unknown},List(${ALL_CODES}))`);
  }
  return named;
}

function all(topology: NodeTopology, request: ListingOfAll, keeps: (mapping: Mapping) => boolean) {
  const namespace = request.filter_namespace ?? '';
  const found = query(topology, request).filter(
    ({ entry }) => keeps(entry.transaction.mapping) && entry.transaction.namespace.startsWith(namespace),
  );
  return found.map(item);
}

/** A parameter state is listed without the id of its synchronizer. */
function parameters(
  topology: NodeTopology,
  request: Decoded<`${Admin}.ListSynchronizerParametersStateRequest`>,
): Encodable<`${Admin}.ListSynchronizerParametersStateResponse.Result`>[] {
  const wanted = request.filter_synchronizer_id ?? '';
  return query(topology, request, 'dop').flatMap(({ entry, from }) => {
    const { mapping } = entry.transaction;
    if (!isOf(mapping, 'dop') || !mapping.value.synchronizer_id.startsWith(wanted)) return [];
    return [{ context: context(entry, from), item: mapping.value.synchronizer_parameters }];
  });
}
