import type { Connections } from './connections.js';
import type { Registration } from './registration.js';
import { CantonRefusal } from './errors.js';
import type { Clock, SynchronizerInfo, TopologyPort, VettingOptions } from './node.js';
import type { Onboarding } from './onboarding-service.js';
import { NodeOrder } from './order.js';
import { hostsAt, thresholdAt } from './topology/hosting.js';
import { KnownParties } from './topology/known-parties.js';
import type { HostingParticipant } from './topology/mapping.js';
import type { Membership, NodeTopology } from './topology/node-topology.js';
import type { SignedTransaction } from './topology/transaction.js';
import { ADD } from './topology/transaction.js';
import { partyKeys } from './topology/party-keys.js';
import { vettedIn } from './topology/vetting.js';
import type { Vault } from './vault.js';

/** What the port of one participant is made of. */
export interface PortParts {
  readonly uid: string;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly topology: NodeTopology;
  readonly connections: Connections;
  readonly onboarding: () => Pick<Onboarding, 'isOnboarding' | 'clearWhenSafe'>;
}

const WAIT_MS = 60_000;

/** Answers the ledger half's questions about topology. */
export function topologyPort(parts: PortParts): TopologyPort {
  const { connections, topology, uid } = parts;
  const known = new KnownParties(topology, uid);
  const registered = () => connections.list().map(infoOf);
  const isConnected = ({ membership }: Registration) => membership?.replica.isConnected === true;
  return {
    registered,
    connected: () => connections.list().filter(isConnected).map(infoOf),
    find: (key) => registered().find((one) => [one.alias, one.logicalId, one.physicalId].includes(key)),
    hasJoined: (logicalId) => topology.find(logicalId) !== undefined,
    hosts: (logicalId, party) => hosting(topology, logicalId, party).map((host) => host.participant_uid),
    hosting: (logicalId, party) => hosting(topology, logicalId, party),
    threshold: (logicalId, party) => {
      const store = topology.find(logicalId)?.replica.store;
      return store ? thresholdAt(store, party, BigInt(Date.now()) * 1000n) : 1;
    },
    order: (logicalId) => {
      const replica = topology.find(logicalId)?.replica;
      return replica && new NodeOrder(uid, replica, parts.clock);
    },
    vetted: (logicalId) => {
      const store = topology.find(logicalId)?.replica.store;
      return store ? vettedIn(store, uid) : new Set();
    },
    vet: (logicalId, packageIds, options) => vet(parts, logicalId, packageIds, options),
    isOnboarding: (logicalId, party) => parts.onboarding().isOnboarding(logicalId, party),
    clearWhenSafe: (logicalId, party) => parts.onboarding().clearWhenSafe(logicalId, party),
    knownParties: () => known.all(),
    canSign: () => parts.vault.canSign(),
    isReachable: (logicalId) =>
      connections
        .list()
        .some(
          ({ synchronizer, isReachable }) => synchronizer.info.logicalId === logicalId && isReachable,
        ),
    allocateParty: (hint, synchronizer) => allocate(parts, hint, synchronizer),
    allocateExternal: (synchronizer, transactions, waits) =>
      allocateExternal(parts, synchronizer, transactions, waits),
    signingKeys: (logicalId, party) => {
      const store = topology.find(logicalId)?.replica.store;
      return store && partyKeys(store, party, BigInt(Date.now()) * 1000n);
    },
  };
}

function infoOf({ alias, synchronizer, active }: Registration): SynchronizerInfo {
  return { ...synchronizer.info, physicalId: active.psid, alias };
}

/** As the node knows it: what was ordered while it is away is not known. */
function hosting(
  topology: NodeTopology,
  logicalId: string,
  party: string,
): readonly HostingParticipant[] {
  const store = topology.find(logicalId)?.replica.store;
  return store ? hostsAt(store, { party, logicalId }, BigInt(Date.now()) * 1000n) : [];
}

/** Has a node vet these packages, and no others, on a synchronizer. */
export async function vet(
  { topology, uid }: Pick<PortParts, 'topology' | 'uid'>,
  logicalId: string,
  packageIds: readonly string[],
  { wait, allowsUnvettedDependencies = false }: VettingOptions,
): Promise<void> {
  const membership = topology.find(logicalId);
  if (!membership) return;
  const packages = inStoredOrder(membership, uid, packageIds).map((package_id) => ({ package_id }));
  const value = { participant_uid: uid, packages };
  const forces = allowsUnvettedDependencies ? ['FORCE_FLAG_ALLOW_UNVETTED_DEPENDENCIES'] : [];
  const signed = withoutPsid(() => propose(membership, { code: 'vtp', value }, forces));
  if (signed && wait) await membership.replica.whenInEffect([signed], WAIT_MS);
}

/** A freeze is told without the physical synchronizer here. Source: golden35/lsu-34-to-35.jsonl 53. */
function withoutPsid<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CantonRefusal) || error.parts.id !== 'TOPOLOGY_LSU_TOPOLOGY_FREEZE')
      throw error;
    throw new CantonRefusal({ ...error.parts, metadata: { ...error.parts.metadata, psid: undefined } });
  }
}

/** Keeps what is vetted where it stands and puts the new packages behind it. */
function inStoredOrder({ replica }: Membership, uid: string, wanted: readonly string[]): string[] {
  const stored = replica.store.latest(`vtp/${uid}`)?.transaction.mapping;
  const known = stored?.code === 'vtp' ? stored.value.packages.map((one) => one.package_id) : [];
  return [...new Set([...known.filter((id) => wanted.includes(id)), ...wanted])];
}

function propose(
  membership: Membership,
  mapping: Parameters<Membership['manager']['propose']>[0]['mapping'],
  forces: readonly string[] = [],
): SignedTransaction | undefined {
  const options = { signedBy: [], mustFullyAuthorize: true, forces: new Set(forces) };
  try {
    return membership.manager.propose({ operation: ADD, serial: 0, mapping, ...options });
  } catch (error) {
    const isThere =
      error instanceof CantonRefusal && error.parts.id === 'TOPOLOGY_MAPPING_ALREADY_EXISTS';
    if (isThere) return undefined;
    throw error;
  }
}

async function allocate(
  { topology, uid }: PortParts,
  hint: string,
  info: SynchronizerInfo,
): Promise<string> {
  const membership = topology.find(info.logicalId);
  const party = `${hint}::${uid.slice(uid.lastIndexOf('::') + 2)}`;
  const participants = [
    { participant_uid: uid, permission: 'PARTICIPANT_PERMISSION_SUBMISSION' as const },
  ];
  if (!membership) throw new Error(`the node has not joined ${info.logicalId}`);
  const signed = propose(membership, { code: 'ptp', value: { party, threshold: 1, participants } });
  // Without an end: where there is no traffic the client gives up first. Source: networks F.
  if (signed) await membership.replica.whenInEffect([signed], 2 ** 31 - 1);
  return party;
}

async function allocateExternal(
  { topology }: PortParts,
  info: SynchronizerInfo,
  transactions: readonly SignedTransaction[],
  waits: boolean,
): Promise<void> {
  const membership = topology.find(info.logicalId);
  if (!membership) throw new Error(`the node has not joined ${info.logicalId}`);
  const { manager, replica } = membership;
  const signed = transactions.flatMap((one) =>
    one.transaction.mapping.code === 'ptp' ? manager.sign([one], []) : one,
  );
  manager.add(signed, new Set());
  if (waits) await replica.whenInEffect(signed, 2 ** 31 - 1);
}
