import { micros, timestamp } from '../clock.js';
import { fingerprint, transactionHash } from '../crypto.js';
import { deserializationFailure, fieldNotSet } from '../errors.js';
import { unary, type Handler, type Services } from '../grpc.js';
import { BEGINNING } from '../synchronizer.js';
import type { Message } from '../wire.js';
import { ALL_CODES, type Mapping, type MappingCode, type MappingValues } from './mapping.js';
import type { NodeTopology, ReadableStore } from './node-topology.js';
import { isPartOf, type AsOf, type StoredTransaction } from './store.js';
import { signers, storedBytes } from './transaction.js';

interface Found {
  readonly entry: StoredTransaction;
  readonly from: ReadableStore;
}

/** Simulates the TopologyManagerReadService of one participant. Source: facts 1.5. */
export function topologyReadService(
  topology: NodeTopology,
  options: { readonly isVersion34: boolean },
): Services {
  const list = <K extends MappingCode>(
    code: K,
    keeps: (value: MappingValues[K], request: Message) => boolean,
  ): Handler =>
    unary((request) => {
      const found = query(topology, request, [code]).filter(({ entry }) =>
        keeps(entry.transaction.mapping.value as MappingValues[K], request),
      );
      return {
        results: found.map(({ entry, from }) => ({
          context: context(entry, from),
          item: entry.transaction.mapping.value,
        })),
      };
    });
  const listAll = (isExcluding: boolean): Handler =>
    unary((request) => ({ result: { items: all(topology, request, isExcluding).map(item) } }));
  return {
    'com.digitalasset.canton.topology.admin.v30.TopologyManagerReadService': {
      ListNamespaceDelegation: list('nsd', (value, request) => {
        const target = text(request, 'filter_target_key_fingerprint');
        return (
          value.namespace.startsWith(text(request, 'filter_namespace')) &&
          (target === '' || fingerprint(value.target_key.public_key) === target)
        );
      }),
      ListPartyToParticipant: list('ptp', (value, request) => {
        const participant = text(request, 'filter_participant');
        return (
          matchesUid(value.party, text(request, 'filter_party')) &&
          (participant === '' ||
            value.participants.some((host) => `PAR::${host.participant_uid}`.includes(participant)))
        );
      }),
      ListOwnerToKeyMapping: list('otk', (value, request) => {
        const [type, uid] = [value.member.slice(0, 3), value.member.slice(5)];
        const wanted = text(request, 'filter_key_owner_type');
        return (
          (wanted === '' || wanted === type) && matchesUid(uid, text(request, 'filter_key_owner_uid'))
        );
      }),
      ListSynchronizerTrustCertificate: list('dtc', (value, request) =>
        matchesUid(value.participant_uid, text(request, 'filter_uid')),
      ),
      ListVettedPackages: list('vtp', (value, request) =>
        matchesUid(value.participant_uid, text(request, 'filter_participant')),
      ),
      ListDecentralizedNamespaceDefinition: list('dnd', (value, request) =>
        value.decentralized_namespace.startsWith(text(request, 'filter_namespace')),
      ),
      ListSynchronizerParametersState: unary((request) => ({ results: parameters(topology, request) })),
      ListLsuAnnouncement: unary((request) => ({ results: announcements(topology, request) })),
      ListAvailableStores: unary(() => ({
        store_ids: topology
          .readable(undefined)
          .map((one) => one.storeId)
          .reverse(),
      })),
      ...(options.isVersion34 ? {} : { ListAllV2: listAll(false) }),
      ListAll: listAll(true),
    },
  };
}

function text(request: Message, field: string): string {
  return (request[field] as string | undefined) ?? '';
}

/** Whether a filter is a prefix of the identifier and, after `::`, of the namespace. */
export function matchesUid(uid: string, filter: string): boolean {
  const [identifier = '', namespace = ''] = splitUid(uid);
  const [wanted = '', wantedNamespace = ''] = filter.includes('::') ? splitUid(filter) : [filter, ''];
  return identifier.startsWith(wanted) && namespace.startsWith(wantedNamespace);
}

function splitUid(uid: string): [string, string] {
  const at = uid.lastIndexOf('::');
  return [uid.slice(0, at), uid.slice(at + 2)];
}

function query(topology: NodeTopology, request: Message, codes?: readonly MappingCode[]): Found[] {
  const base = request['base_query'] as Message | undefined;
  if (!base) throw fieldNotSet('base_query');
  const asOf = timeQuery(base);
  const isProposal = base['proposals'] === true;
  const operation = base['operation'] as string | undefined;
  const signedKey = text(base, 'filter_signed_key');
  const found: Found[] = [];
  for (const from of topology.readable(base['store'] as Message | undefined)) {
    const entries = codes?.length === 1 ? from.store.all(codes[0]) : from.store.all();
    for (const entry of entries) {
      if (entry.isProposal !== isProposal || !isPartOf(entry, asOf ?? from.head)) continue;
      if (codes && !codes.includes(entry.transaction.mapping.code)) continue;
      if (isNamed(operation) && entry.transaction.operation !== operation) continue;
      if (!signers(entry).some((signer) => signer.startsWith(signedKey))) continue;
      found.push({ entry, from });
    }
  }
  return found;
}

function isNamed(operation: string | undefined): operation is string {
  return operation !== undefined && operation !== 'TOPOLOGY_CHANGE_OP_UNSPECIFIED';
}

/** Returns undefined for the head state, which depends on the store. */
function timeQuery(base: Message): AsOf | undefined {
  if (base['head_state']) return undefined;
  if (base['snapshot']) return { kind: 'at', time: micros(base['snapshot']) };
  const range = base['range'] as { from?: Message; until?: Message } | undefined;
  if (!range) throw fieldNotSet('time_query');
  return {
    kind: 'range',
    ...(range.from ? { from: micros(range.from) } : {}),
    ...(range.until ? { until: micros(range.until) } : {}),
  };
}

function context(entry: StoredTransaction, from: ReadableStore): Message {
  return {
    store: from.storeId,
    ...times(entry),
    operation: entry.transaction.operation,
    transaction_hash: entry.transaction.hash,
    serial: entry.transaction.serial,
    signed_by_fingerprints: signers(entry),
  };
}

function times(entry: StoredTransaction): Message {
  return {
    sequenced: timestamp(entry.sequenced),
    valid_from: timestamp(entry.validFrom),
    ...(entry.validUntil === undefined ? {} : { valid_until: timestamp(entry.validUntil) }),
  };
}

function item({ entry }: Found): Message {
  return { ...times(entry), transaction: storedBytes(entry) };
}

function all(topology: NodeTopology, request: Message, isExcluding: boolean): Found[] {
  const named = request[isExcluding ? 'exclude_mappings' : 'include_mappings'] as string[];
  const codes = new Set(ALL_CODES.split(', '));
  const unknown = named.find((code) => !codes.has(code));
  if (unknown !== undefined) {
    throw deserializationFailure(`UnrecognizedEnum(TopologyMapping.Code,${unknown},List(${ALL_CODES}))`);
  }
  const namespace = text(request, 'filter_namespace');
  const keeps = (mapping: Mapping) =>
    isExcluding ? !named.includes(mapping.code) : named.length === 0 || named.includes(mapping.code);
  return query(topology, request).filter(
    ({ entry }) => keeps(entry.transaction.mapping) && entry.transaction.namespace.startsWith(namespace),
  );
}

/** The synchronizers that a request is about, each with its store. */
function synchronizers(topology: NodeTopology, request: Message) {
  const base = request['base_query'] as Message | undefined;
  if (!base) throw fieldNotSet('base_query');
  timeQuery(base);
  return topology.readable(base['store'] as Message | undefined).flatMap(({ storeId }) => {
    const psid = (storeId['synchronizer'] as { physical_id?: string } | undefined)?.physical_id;
    const synchronizer = psid === undefined ? undefined : topology.find(psid)?.replica.synchronizer;
    return synchronizer ? [{ storeId, synchronizer }] : [];
  });
}

function announcements(topology: NodeTopology, request: Message): Message[] {
  return synchronizers(topology, request)
    .filter(({ synchronizer }) => synchronizer.isUpgradeAnnounced)
    .map(({ storeId: store }) => ({
      context: { store, operation: 'TOPOLOGY_CHANGE_OP_ADD_REPLACE', serial: 1 },
    }));
}

/** What a synchronizer begins with and nobody changes here; of the parameters only those that somebody reads. */
function parameters(topology: NodeTopology, request: Message): Message[] {
  const wanted = text(request, 'filter_synchronizer_id');
  return synchronizers(topology, request)
    .filter(({ synchronizer: { info } }) => info.logicalId.startsWith(wanted))
    .map(({ storeId: store, synchronizer: { info, sequencerId, settings } }) => {
      const since = timestamp(BEGINNING);
      const nanos = (settings.reconciliationMs % 1000) * 1_000_000;
      const seconds = String(Math.floor(settings.reconciliationMs / 1000));
      return {
        context: {
          store,
          sequenced: since,
          valid_from: since,
          operation: 'TOPOLOGY_CHANGE_OP_ADD_REPLACE',
          transaction_hash: transactionHash(Buffer.from(info.physicalId)),
          serial: 1,
          signed_by_fingerprints: [sequencerId.slice(sequencerId.lastIndexOf('::') + 2)],
        },
        item: { reconciliation_interval: { seconds, nanos } },
      };
    });
}
