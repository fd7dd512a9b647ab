import { status } from '@grpc/grpc-js';
import { CantonRefusal, PlainFailure } from '../errors.js';
import { unary, type Service, type Services } from '../grpc.js';
import type { Journal, SynchronizerInfo, TopologyPort } from '../node.js';
import type { Decoded, Encodable } from '../wire.js';
import { allocateExternalParty, generateExternalParty } from './external-parties.js';
import { identityProviderService, IdentityProviders } from './identity-providers.js';
import { PartyRecords } from './party-records.js';
import { invalidArgument } from './refusals.js';
import { userService } from './user-service.js';
import { Users } from './users.js';

const ADMIN = 'com.daml.ledger.api.v2.admin';
type Admin = typeof ADMIN;

interface Parts {
  readonly uid: string;
  readonly version: string;
  readonly topology: TopologyPort;
  readonly accounts: Accounts;
}

/** What only this participant knows: users, identity providers and records of parties. */
export interface Accounts {
  readonly users: Users;
  readonly providers: IdentityProviders;
  readonly parties: PartyRecords;
}

/** Opens them from a journal. */
export function openAccounts(journal: Journal): Accounts {
  return {
    users: new Users(journal),
    providers: new IdentityProviders(journal),
    parties: new PartyRecords(journal),
  };
}

const PAGE_SIZE = 10_000;

/** Returns the Ledger API's services for parties, users, identity providers and the version. */
export function participantServices(parts: Parts): Services {
  const { users, providers } = parts.accounts;
  return {
    [`${ADMIN}.PartyManagementService` as const]: partyService(parts),
    [`${ADMIN}.UserManagementService` as const]: userService(users, providers),
    [`${ADMIN}.IdentityProviderConfigService` as const]: identityProviderService(
      providers,
      (id) => users.list(id).length > 0,
    ),
    'com.daml.ledger.api.v2.VersionService': {
      GetLedgerApiVersion: unary(() => ({ version: parts.version, features: FEATURES })),
    },
  };
}

const FEATURES: Encodable<'com.daml.ledger.api.v2.FeaturesDescriptor'> = {
  experimental: { static_time: {}, command_inspection_service: { supported: true } },
  user_management: { supported: true, max_rights_per_user: 1000, max_users_page_size: 1000 },
  party_management: { max_parties_page_size: PAGE_SIZE },
  offset_checkpoint: { max_offset_checkpoint_emission_delay: { seconds: '75' } },
  package_feature: { max_vetted_packages_page_size: 100 },
};

function partyService({ uid, topology, accounts }: Parts): Service<`${Admin}.PartyManagementService`> {
  const { parties, providers } = accounts;
  return {
    GetParticipantId: unary(() => ({ participant_id: uid })),
    ListKnownParties: unary((request) => listKnownParties(topology, parties, request)),
    GetParties: unary((request) => {
      const known = topology.knownParties();
      const wanted = [...new Set(request.parties)].filter((party) => known.has(party));
      const found = wanted.map((party) => ({ party, isLocal: known.get(party) === true }));
      return found.length > 0
        ? { party_details: found.map((one) => parties.message(one, request)) }
        : {};
    }),
    AllocateParty: unary(async (request) => {
      const provider = request.identity_provider_id ?? '';
      providers.check(provider);
      const party = await allocate(topology, request);
      parties.create(party, provider, request.local_metadata?.annotations ?? {});
      return { party_details: parties.message({ party, isLocal: true }, request) };
    }),
    GenerateExternalPartyTopology: unary((request) => {
      chosen(topology, request.synchronizer);
      return generateExternalParty(uid, request);
    }),
    AllocateExternalParty: unary(async (request) => {
      const provider = request.identity_provider_id ?? '';
      providers.check(provider);
      const synchronizer = chosen(topology, request.synchronizer);
      const party = await allocateExternalParty(topology, request, synchronizer);
      parties.create(party, provider, {});
      return { party_id: party };
    }),
    UpdatePartyDetails: unary((request) => {
      const details = request.party_details ?? {};
      const { party = '' } = details;
      const isLocal = topology.knownParties().get(party);
      const known = isLocal === undefined ? undefined : { party, isLocal };
      parties.update(known, request);
      return { party_details: parties.message(known!, details) };
    }),
  };
}

function listKnownParties(
  topology: TopologyPort,
  parties: PartyRecords,
  request: Decoded<`${Admin}.ListKnownPartiesRequest`>,
): Encodable<`${Admin}.ListKnownPartiesResponse`> {
  const after = request.page_token ?? '';
  const prefix = request.filter_party ?? '';
  const size = Number(request.page_size ?? 0) || PAGE_SIZE;
  if (size > PAGE_SIZE) throw invalidArgument(`page_size must not exceed ${PAGE_SIZE}`);
  const known = topology.knownParties();
  const all = inOrder(known).filter((party) => party > after && party.startsWith(prefix));
  const page = all.slice(0, size).map((party) => ({ party, isLocal: known.get(party) === true }));
  const last = page.at(-1)?.party;
  return {
    ...(page.length > 0 && { party_details: page.map((one) => parties.message(one, request)) }),
    ...(all.length > page.length && last !== undefined && { next_page_token: last }),
  };
}

const ordered = new WeakMap<ReadonlyMap<string, boolean>, readonly string[]>();

/** The parties by their ids, sorted once for all pages: none is ever forgotten. */
function inOrder(known: ReadonlyMap<string, boolean>): readonly string[] {
  const before = ordered.get(known);
  if (before?.length === known.size) return before;
  const now = [...known.keys()].sort();
  ordered.set(known, now);
  return now;
}

async function allocate(
  topology: TopologyPort,
  request: Decoded<`${Admin}.AllocatePartyRequest`>,
): Promise<string> {
  const hint = request.party_id_hint || `party-${crypto.randomUUID()}`;
  try {
    return await topology.allocateParty(hint, chosen(topology, request.synchronizer_id));
  } catch (error) {
    // The Ledger API passes on the text, and no details. Source: networks B.
    const isFrozen = error instanceof CantonRefusal && error.parts.id === 'TOPOLOGY_LSU_TOPOLOGY_FREEZE';
    throw isFrozen ? new PlainFailure(error.parts.cause, status.FAILED_PRECONDITION) : error;
  }
}

function chosen(topology: TopologyPort, id: string | undefined): SynchronizerInfo {
  const connected = topology.connected();
  const found = id ? connected.find((one) => one.logicalId === id) : connected[0];
  if (found && (id || connected.length === 1)) return found;
  if (connected.length === 0) {
    throw new CantonRefusal({
      id: 'PARTY_ALLOCATION_WITHOUT_CONNECTED_SYNCHRONIZER',
      category: 9,
      cause: 'Cannot allocate a party without being connected to a synchronizer',
      definiteAnswer: false,
    });
  }
  throw new CantonRefusal({
    id: 'PARTY_ALLOCATION_CANNOT_DETERMINE_SYNCHRONIZER',
    category: 9,
    cause: 'Cannot determine synchronizer to allocate the party on',
    definiteAnswer: false,
  });
}
