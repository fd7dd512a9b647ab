import { timestamp } from './clock.js';
import type { Connections } from './connections.js';
import { unary, type Services } from './grpc.js';
import type { NodeTopology } from './topology/node-topology.js';
import type { Encodable } from './wire.js';

type Admin = 'com.digitalasset.canton.admin.participant.v30';

/** What a status answer is made of. */
export interface StatusParts {
  readonly uid: string;
  readonly version: string;
  /** Microseconds, when this run of the node began. */
  readonly startedAt: bigint;
  readonly ports: () => { readonly admin: number; readonly ledger: number };
  readonly connections: Connections;
  readonly topology: NodeTopology;
}

const COMPONENTS = [
  'connected-synchronizer',
  'sync-ephemeral-state',
  'sequencer-client',
  'acs-commitment-processor',
  'sequencer-connection-pool',
  'sequencer-subscription-pool',
  'internal-sequencer-connection-DefaultSequencer-0',
  'subscription-sequencer-connection-DefaultSequencer-0',
];
/** Those before these are there before the first connection. */
const POOLS_FROM = 4;

type Component = Encodable<'com.digitalasset.canton.admin.health.v30.ComponentStatus'>;

/** The parts of a connection; those of one that was closed are listed, too. Source: golden35/lsu-34-to-35.jsonl 24. */
function components(isConnected: boolean, wasConnected: boolean): Component[] {
  const storage = { name: 'db-storage', ok: {} };
  if (isConnected) return [storage, ...COMPONENTS.map((name) => ({ name, ok: {} }))];
  const failed = (description: string) => (name: string) => ({ name, failed: { description } });
  const [parts, pools] = [COMPONENTS.slice(0, POOLS_FROM), COMPONENTS.slice(POOLS_FROM)];
  if (!wasConnected) return [storage, ...parts.map(failed('Not Initialized'))];
  const closed = pools.map((name) =>
    name.startsWith('internal-')
      ? { name, fatal: { description: 'Closed' } }
      : failed('Component is closed')(name),
  );
  return [storage, ...parts.map(failed('Disconnected from synchronizer')), ...closed];
}

/** Simulates the ParticipantStatusService of one participant. Source: admin-api 1.14. */
export function statusService(parts: StatusParts): Services {
  return {
    'com.digitalasset.canton.admin.participant.v30.ParticipantStatusService': {
      ParticipantStatus: unary(() => ({ status: status(parts) })),
    },
  };
}

function status(parts: StatusParts): Encodable<`${Admin}.ParticipantStatusResponse`>['status'] {
  const connected = parts.connections.list().filter(({ membership }) => membership?.replica.isConnected);
  const now = BigInt(Date.now()) * 1000n;
  return {
    common_status: {
      uid: parts.uid,
      uptime: timestamp(now > parts.startedAt ? now - parts.startedAt : 0n),
      ports: parts.ports(),
      active: true,
      topology_queues: queues(parts.topology),
      components: components(connected.length > 0, parts.connections.wasConnected),
      version: parts.version,
    },
    connected_synchronizers: connected.map(({ active }) => ({
      physical_synchronizer_id: active.psid,
      health: 'HEALTH_HEALTHY',
    })),
    active: true,
    supported_protocol_versions: parts.version.startsWith('3.4') ? [34] : [34, 35],
  };
}

/** Idle queues are left out, as zero is on the wire. */
function queues(
  topology: NodeTopology,
): Encodable<'com.digitalasset.canton.admin.health.v30.TopologyQueueStatus'> {
  const memberships = [...topology.memberships.values()];
  const sum = (count: (one: (typeof memberships)[number]) => number) =>
    memberships.reduce((total, one) => total + count(one), 0);
  const all = {
    manager: sum(({ sink }) => sink.pendingCount),
    dispatcher: sum(({ outbox, sink }) => outbox.pendingCount + sink.unpaidCount),
    clients: sum(({ replica }) => replica.pendingCount),
  };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}
