import { micros } from '../clock.js';
import { unary, type Services } from '../grpc.js';
import type { Decoded, Encodable } from '../wire.js';
import { granted, LATEST } from './grants.js';
import type { HostingParticipant } from './mapping.js';
import type { Membership, NodeTopology } from './node-topology.js';
import { matchesParty, matchesUid } from './read-service.js';
import { isPartOf, type AsOf } from './store.js';
import { busy } from './write-service.js';
import { ADD } from './transaction.js';

type Admin = 'com.digitalasset.canton.topology.admin.v30';
type Request = Decoded<`${Admin}.ListPartiesRequest`>;
type Result = Encodable<`${Admin}.ListPartiesResponse.Result`>;

interface Row {
  readonly party: string;
  /** By its mapping: what a filter looks at. */
  readonly mapped: readonly HostingParticipant[];
  /** Of these, whom the synchronizer grants anything, and what. */
  readonly hosts: readonly HostingParticipant[];
  readonly logicalId: string;
  readonly psid: string;
}

/** Simulates the TopologyAggregationService of one participant. Source: admin-api 1.4. */
export function topologyAggregationService(topology: NodeTopology): Services {
  return {
    'com.digitalasset.canton.topology.admin.v30.TopologyAggregationService': {
      ListParties: unary(async (request) => {
        const parties = [...topology.memberships.values()].flatMap(({ replica }) =>
          replica.store.all('ptp'),
        );
        await busy(parties.length * topology.costs.listMicrosPerParty);
        return { results: listParties(topology, request) };
      }),
    },
  };
}

function listParties(topology: NodeTopology, request: Request): Result[] {
  const wanted = request.synchronizer_ids;
  const time = request.as_of;
  const rows = [...topology.memberships.values()]
    .filter(({ replica }) => wanted.length === 0 || wanted.includes(replica.synchronizer.info.logicalId))
    .flatMap((membership) =>
      partiesOf(membership, time ? { kind: 'at', time: micros(time) } : undefined),
    );
  const byParty = new Map<string, Row[]>();
  for (const row of rows) {
    if (!keeps(row, request)) continue;
    const same = byParty.get(row.party);
    if (same) same.push(row);
    else byParty.set(row.party, [row]);
  }
  const limit = Number(request.limit ?? 0);
  return [...byParty].slice(0, Math.max(limit, 0)).map(([party, same]) => result(party, same));
}

function keeps(row: Row, request: Request): boolean {
  const party = request.filter_party ?? '';
  const participant = request.filter_participant ?? '';
  return (
    matchesParty(row.party, party) &&
    (participant === '' || row.mapped.some((host) => matchesUid(host.participant_uid, participant)))
  );
}

/** Every trust certificate contributes an admin party, unless a mapping of that party says otherwise. */
function partiesOf({ replica }: Membership, at: AsOf | undefined): Row[] {
  const { psid } = replica;
  const { logicalId } = replica.synchronizer.info;
  const asOf = at ?? replica.head();
  const time = asOf.kind === 'at' ? asOf.time : LATEST;
  const rows = new Map<string, Row>();
  const add = (party: string, mapped: readonly HostingParticipant[]) => {
    const hosts = granted({ store: replica.store, logicalId }, mapped, time);
    rows.set(party, { party, mapped, hosts, logicalId, psid });
  };
  for (const code of ['dtc', 'ptp'] as const) {
    for (const entry of replica.store.all(code)) {
      if (entry.isProposal || entry.transaction.operation !== ADD || !isPartOf(entry, asOf)) continue;
      const { mapping } = entry.transaction;
      if (mapping.code === 'ptp') {
        add(mapping.value.party, mapping.value.participants);
      } else if (mapping.code === 'dtc') {
        const party = mapping.value.participant_uid;
        add(party, [{ participant_uid: party, permission: 'PARTICIPANT_PERMISSION_SUBMISSION' }]);
      }
    }
  }
  return [...rows.values()];
}

function result(party: string, rows: readonly Row[]): Result {
  const uids = [...new Set(rows.flatMap((row) => row.hosts.map((host) => host.participant_uid)))];
  const participants = uids.map((uid) => ({
    participant_uid: uid,
    synchronizers: rows.flatMap((row) =>
      row.hosts
        .filter((host) => host.participant_uid === uid)
        .map(({ permission }) => ({
          synchronizer_id: row.logicalId,
          permission,
          physical_synchronizer_id: row.psid,
        })),
    ),
  }));
  return { party, participants };
}
