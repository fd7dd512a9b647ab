import { CantonRefusal } from '../errors.js';
import { unary, type Handler, type Services } from '../grpc.js';
import type { Journal, SynchronizerInfo, TopologyPort } from '../node.js';
import type { Message } from '../wire.js';

interface Parts {
  readonly uid: string;
  readonly version: string;
  readonly journal: Journal;
  readonly topology: TopologyPort;
}

const KIND = 'allocated-party';
const PAGE_SIZE = 10_000;

/** Returns the Ledger API's services for parties, users, identity providers and the version. */
export function participantServices(parts: Parts): Services {
  const admin = 'com.daml.ledger.api.v2.admin';
  return {
    [`${admin}.PartyManagementService`]: partyService(parts),
    // Users and identity providers are local to a node and no part of a migration: facts 1.15.
    [`${admin}.UserManagementService`]: {
      ListUsers: unary(() => ({
        users: [{ id: 'participant_admin', metadata: { resource_version: '0' } }],
      })),
    },
    [`${admin}.IdentityProviderConfigService`]: { ListIdentityProviderConfigs: unary(() => ({})) },
    'com.daml.ledger.api.v2.VersionService': {
      GetLedgerApiVersion: unary(() => ({ version: parts.version, features: FEATURES })),
    },
  };
}

const FEATURES: Message = {
  experimental: { static_time: {}, command_inspection_service: { supported: true } },
  user_management: { supported: true, max_rights_per_user: 1000, max_users_page_size: 1000 },
  party_management: { max_parties_page_size: PAGE_SIZE },
  offset_checkpoint: { max_offset_checkpoint_emission_delay: { seconds: '75' } },
  package_feature: { max_vetted_packages_page_size: 100 },
};

function partyService({ uid, journal, topology }: Parts): Record<string, Handler> {
  const allocated = new Set<string>(journal.replay(KIND) as Iterable<string>);
  return {
    GetParticipantId: unary(() => ({ participant_id: uid })),
    ListKnownParties: unary((request) => listKnownParties(topology, allocated, request)),
    AllocateParty: unary(async (request) => {
      const party = await allocate(topology, request);
      journal.append(KIND, party);
      allocated.add(party);
      return { party_details: details(party, true, allocated) };
    }),
  };
}

/** `is_local` is sticky; parties allocated through the Ledger API have a metadata version. Source: facts 1.15. */
function details(party: string, isLocal: boolean, allocated: ReadonlySet<string>): Message {
  return {
    party,
    ...(isLocal && { is_local: true }),
    local_metadata: allocated.has(party) ? { resource_version: '0' } : {},
  };
}

function listKnownParties(
  topology: TopologyPort,
  allocated: ReadonlySet<string>,
  request: Message,
): Message {
  const after = (request['page_token'] as string | undefined) ?? '';
  const prefix = (request['filter_party'] as string | undefined) ?? '';
  const size = Number(request['page_size'] ?? 0) || PAGE_SIZE;
  if (size > PAGE_SIZE) {
    throw new CantonRefusal({
      id: 'INVALID_ARGUMENT',
      category: 8,
      cause: `The submitted request has invalid arguments: page_size must not exceed ${PAGE_SIZE}`,
      definiteAnswer: false,
    });
  }
  const all = topology
    .knownParties()
    .filter(({ party }) => party > after && party.startsWith(prefix))
    .sort((a, b) => (a.party < b.party ? -1 : 1));
  const page = all.slice(0, size);
  const last = page.at(-1)?.party;
  return {
    ...(page.length > 0 && {
      party_details: page.map(({ party, isLocal }) => details(party, isLocal, allocated)),
    }),
    ...(all.length > page.length && last !== undefined && { next_page_token: last }),
  };
}

async function allocate(topology: TopologyPort, request: Message): Promise<string> {
  const hint = (request['party_id_hint'] as string | undefined) || `party-${crypto.randomUUID()}`;
  return topology.allocateParty(
    hint,
    chosen(topology, request['synchronizer_id'] as string | undefined),
  );
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
