import { CantonRefusal, PlainFailure, deserializationFailure } from '../errors.js';
import { unary, type Service, type Services } from '../grpc.js';
import type { Decoded } from '../wire.js';
import { inEffect, mappingOf, readRow, reencoded, type Row, type RowMapping } from './rows.js';
import { encodingOf } from './rows.js';
import type { Participant210 } from './participant.js';
import type { Domain } from './domain.js';

type Query = Decoded<'com.digitalasset.canton.topology.admin.v0.BaseQuery'> | null | undefined;

/** A row with the store it is listed from. */
interface Stored {
  readonly store: string;
  readonly row: Row;
}

const AUTHORIZED = 'Authorized';
const VERSIONS = ['5', '7', 'dev'];

/** What the topology manager of a participant answers. */
export function topologyServices(node: Participant210): Services {
  return {
    'com.digitalasset.canton.topology.admin.v0.TopologyManagerReadService': topologyReads(node),
    'com.digitalasset.canton.topology.admin.v0.TopologyAggregationService': aggregation(node),
    'com.digitalasset.canton.topology.admin.v0.TopologyManagerWriteService': topologyWrites(node),
  };
}

function topologyReads(
  node: Participant210,
): Service<'com.digitalasset.canton.topology.admin.v0.TopologyManagerReadService'> {
  return {
    ListAvailableStores: unary(() => ({ store_ids: [...storesOf(node).keys()] })),
    ListNamespaceDelegation: unary(({ base_query, filter_namespace = '' }) => ({
      results: rowsOf(node, base_query).flatMap((its) => {
        const item = its.row.mapping.namespace_delegation;
        if (!item?.namespace?.startsWith(filter_namespace)) return [];
        const target_key_fingerprint = item.target_key?.id ?? '';
        return { context: contextOf(its), item, target_key_fingerprint };
      }),
    })),
    ListPartyToParticipant: unary(({ base_query, filter_party = '', filter_participant = '' }) => ({
      results: rowsOf(node, base_query).flatMap((its) => {
        const item = its.row.mapping.party_to_participant;
        if (!item?.party?.startsWith(filter_party)) return [];
        return item.participant?.startsWith(filter_participant) ? { context: contextOf(its), item } : [];
      }),
    })),
    ListOwnerToKeyMapping: unary(({ base_query, filter_key_owner_uid = '' }) => ({
      results: rowsOf(node, base_query).flatMap((its) => {
        const item = its.row.mapping.owner_to_key_mapping;
        if (!item?.key_owner?.slice(5).startsWith(filter_key_owner_uid)) return [];
        const { signing_public_key: signing, encryption_public_key: encryption } = item.public_key ?? {};
        return { context: contextOf(its), item, key_fingerprint: (signing ?? encryption)?.id ?? '' };
      }),
    })),
    ListVettedPackages: unary(({ base_query, filter_participant = '' }) => ({
      results: rowsOf(node, base_query).flatMap((its) => {
        const item = its.row.mapping.vetted_packages;
        return item?.participant?.startsWith(filter_participant)
          ? { context: contextOf(its), item }
          : [];
      }),
    })),
    ListParticipantDomainState: unary(({ base_query, filter_participant = '' }) => ({
      results: rowsOf(node, base_query).flatMap((its) => {
        const item = its.row.mapping.participant_state;
        return item?.participant?.startsWith(filter_participant)
          ? { context: contextOf(its), item }
          : [];
      }),
    })),
    ListDomainParametersChanges: unary(({ base_query }) => ({
      results: [...storesOf(node)].flatMap(([store, domain]) => {
        const [row] = domain?.rows ?? [];
        if (!row || !store.startsWith(base_query?.filter_store ?? '')) return [];
        return {
          context: contextOf({ store, row }),
          v2: { topology_change_delay: { nanos: 250_000_000 } },
        };
      }),
    })),
  };
}

function aggregation(
  node: Participant210,
): Service<'com.digitalasset.canton.topology.admin.v0.TopologyAggregationService'> {
  return {
    ListParties: unary(({ filter_domain = '', filter_party = '', filter_participant = '' }) => ({
      results: effectiveParties(node, filter_domain).flatMap(({ party, domain }) => {
        if (!party.startsWith(filter_party)) return [];
        const participants = [...domain.hosts(party)].flatMap(([uid, permission]) =>
          uid.startsWith(filter_participant)
            ? {
                participant: `PAR::${uid}`,
                domains: [{ domain: domain.id, permission }],
              }
            : [],
        );
        return participants.length > 0 ? { party, participants } : [];
      }),
    })),
  };
}

function topologyWrites(
  node: Participant210,
): Service<'com.digitalasset.canton.topology.admin.v0.TopologyManagerWriteService'> {
  return {
    AuthorizeNamespaceDelegation: unary((request) => {
      const { namespace = '', fingerprint_of_authorized_key: key = '', is_root_delegation } = request;
      const known = node.publicKeys.get(key);
      if (!known)
        throw new CantonRefusal({
          id: 'PUBLIC_KEY_NOT_IN_STORE',
          category: 9,
          cause: `Public key with fingerprint ${key} is not in the store`,
        });
      return change(node, request.authorization, {
        namespace_delegation: {
          namespace,
          target_key: known.key,
          is_root_delegation: is_root_delegation === true || namespace === key,
        },
      });
    }),
    AuthorizePartyToParticipant: unary((request) => {
      const { party = '', participant = '', side, permission } = request;
      if (!participant.startsWith('PAR::'))
        throw deserializationFailure(`Invalid participant ${participant}`);
      const uid = participant.slice(5);
      if (party === uid) throw new PlainFailure('Application error processing RPC', 2);
      return change(node, request.authorization, {
        party_to_participant: { side, party, participant: uid, permission },
      });
    }),
    AuthorizeVettedPackages: unary((request) => {
      const { participant = '', package_ids = [] } = request;
      const { force_change, change: op } = request.authorization ?? {};
      const missing = package_ids.filter((id) => !packagesOf(node).has(id));
      if (op !== 'Remove' && missing.length > 0 && force_change !== true)
        throw new CantonRefusal({
          id: 'CANNOT_VET_DUE_TO_MISSING_PACKAGES',
          category: 11,
          cause: 'Package vetting failed due to packages not existing on the local node',
        });
      if (op === 'Remove' && force_change !== true)
        throw new CantonRefusal({
          id: 'DANGEROUS_VETTING_COMMANDS_REQUIRE_FORCE',
          category: 9,
          cause: 'Revoking a vetted package requires enabling force',
        });
      return change(node, request.authorization, { vetted_packages: { participant, package_ids } });
    }),
    AddSignedTopologyTransaction: unary(({ serialized }) => {
      node.load(readRow(Buffer.from(serialized ?? [])));
      return {};
    }),
  };
}

/** The ids of the packages that a node has. */
export function packagesOf(node: Participant210): Set<string> {
  return new Set([...node.dars.values()].flatMap(({ packages }) => packages));
}

function storesOf(node: Participant210): Map<string, Domain | undefined> {
  const domains = node.domains.filter(
    ({ domain, isConnected }) => isConnected || wasConnected(node, domain),
  );
  return new Map([
    ...domains.map(({ domain }) => [domain.id, domain] as const),
    [AUTHORIZED, undefined] as const,
  ]);
}

function wasConnected(node: Participant210, domain: Domain): boolean {
  return domain.rows.some(({ mapping }) => mapping.participant_state?.participant === node.uid);
}

/** Domain stores come first, and the filter is a prefix. */
function rowsOf(node: Participant210, query: Query): Stored[] {
  if (!query?.time_query) throw deserializationFailure('FieldNotSet(filter)');
  const { filter_store = '', protocol_version: wanted } = query;
  if (wanted?.value && !VERSIONS.includes(wanted.value))
    throw deserializationFailure(`Unknown protocol version ${wanted.value}`);
  return [...storesOf(node)].flatMap(([store, domain]) => {
    if (!store.startsWith(filter_store)) return [];
    const rows = domain ? domain.effective() : inEffect(node.authorized);
    return rows.map((row) => ({ store, row: wanted?.value ? inVersion(node, row, wanted.value) : row }));
  });
}

/** Signed again, for which the key has to be here; a row that is stored in that version too is taken. */
function inVersion(node: Participant210, row: Row, version: string): Row {
  const encoding = encodingOf(Number(version));
  if (row.encoding === encoding) return row;
  const pair = node.keys.get(row.key.id ?? '');
  if (!pair) throw new PlainFailure(`Private key ${row.key.id} does not exist in the private store`);
  return reencoded(row, encoding, pair);
}

function contextOf({ store, row }: Stored) {
  return {
    store,
    operation: row.operation,
    serialized: row.serialized,
    signed_by_fingerprint: row.key.id ?? '',
  };
}

function effectiveParties(node: Participant210, filter: string): { party: string; domain: Domain }[] {
  return [...storesOf(node).values()].flatMap((domain) => {
    if (!domain?.id.startsWith(filter)) return [];
    const parties = new Set(
      domain.effective().flatMap(({ mapping }) => mapping.party_to_participant?.party ?? []),
    );
    return [...parties].sort().map((party) => ({ party, domain }));
  });
}

type Authorization =
  Decoded<'com.digitalasset.canton.topology.admin.v0.AuthorizationData'> | null | undefined;

function change(node: Participant210, authorization: Authorization, mapping: RowMapping) {
  const same = inEffect(node.authorized).filter((row) => isSame(row, mapping));
  if (authorization?.change === 'Remove') {
    const [found] = same;
    if (!found)
      throw new CantonRefusal({
        id: 'NO_CORRESPONDING_ACTIVE_TX_TO_REVOKE',
        category: 9,
        cause: 'There is no active topology transaction matching the mapping of the revocation request',
      });
    assertNoContracts(node, mapping, authorization.force_change === true);
    return { serialized: node.authorize(mapping, found).serialized };
  }
  if (same.length > 0)
    throw new CantonRefusal({
      id: 'TOPOLOGY_MAPPING_ALREADY_EXISTS',
      category: 10,
      cause: 'A matching topology mapping authorized with the same key already exists in this state',
    });
  if (authorization?.replace_existing === true) {
    for (const row of inEffect(node.authorized))
      if (isOfSameHost(row, mapping)) node.authorize(mappingOf(row.mapping), row);
  }
  return { serialized: node.authorize(mapping).serialized };
}

/** A party with contracts is only taken off by force. */
function assertNoContracts(node: Participant210, mapping: RowMapping, isForced: boolean): void {
  const party = mapping.party_to_participant?.party;
  if (party === undefined || party === null || isForced) return;
  if (node.activeOf(new Set([party])).length === 0) return;
  throw new CantonRefusal({
    id: 'DISABLE_PARTY_WITH_ACTIVE_CONTRACTS_REQUIRES_FORCE',
    category: 9,
    cause: `Disable party ${party} failed because there are active contracts`,
  });
}

function isSame(row: Row, mapping: RowMapping): boolean {
  const hosting = mapping.party_to_participant;
  const its = row.mapping.party_to_participant;
  if (hosting)
    return (
      its?.party === hosting.party &&
      its?.participant === hosting.participant &&
      its?.permission === hosting.permission &&
      its?.side === hosting.side
    );
  const delegation = mapping.namespace_delegation;
  if (delegation)
    return (
      row.mapping.namespace_delegation?.namespace === delegation.namespace &&
      row.mapping.namespace_delegation?.target_key?.id === delegation.target_key?.id
    );
  const vetted = mapping.vetted_packages;
  const { participant, package_ids = [] } = row.mapping.vetted_packages ?? {};
  return (
    participant === vetted?.participant && package_ids.join() === (vetted?.package_ids ?? []).join()
  );
}

function isOfSameHost(row: Row, { party_to_participant: hosting }: RowMapping): boolean {
  const its = row.mapping.party_to_participant;
  return !!hosting && its?.party === hosting.party && its?.participant === hosting.participant;
}
