import type { Permission } from '../../model/participant.js';
import { signedBy, virtualParticipant, type Signer } from '../../sandbox/signers.js';
import type { HostingParticipant } from '../../sandbox/topology/mapping.js';
import type { ParticipantView } from '../../sandbox/index.js';
import { ifPossible, NotPossible, type Change, type TakeBack } from './change.js';
import { sourceSynchronizer } from './joining.js';
import type { World } from './world.js';

/** Somebody else decides who hosts a party, or proposes it. */
export const TOPOLOGY_CHANGES: readonly Change[] = [
  { name: 'party allocated on the source', act: allocate },
  { name: 'host added on the source synchronizer', act: (world) => addHost(world) },
  {
    name: 'host added and removed on the source synchronizer',
    act: async (world) => (await addHost(world))(),
  },
  {
    name: 'host added on the source synchronizer, which must confirm too',
    act: (world) => addHost(world, { threshold: 2 }),
  },
  {
    name: 'permission of the source lowered',
    act: (world) =>
      changeHosts(world, (hosts) =>
        hosts.map((its) =>
          its.participant_uid === world.source.uid
            ? { ...its, permission: 'PARTICIPANT_PERMISSION_CONFIRMATION' }
            : its,
        ),
      ),
  },
  {
    name: 'proposal of another permission for the target',
    routes: ['live'],
    act: (world) => propose(world, 'confirmation', 'submission'),
  },
  {
    name: 'proposal that lowers the source',
    routes: ['live'],
    act: (world) => propose(world, 'submission', 'confirmation'),
  },
];

async function allocate({ source, truth, places }: World): Promise<void> {
  const { port } = source.participant.node;
  const place = port.connected().find(({ alias }) => alias === places.source.alias);
  if (!place) throw new NotPossible('the source is not connected');
  truth.newParties.push(await ifPossible(() => port.allocateParty('Newcomer', place)));
}

async function addHost(world: World, { threshold }: { threshold?: number } = {}): Promise<TakeBack> {
  const third = virtualParticipant('third', `${world.sandbox.scenario.seed}/drift`);
  const its = sourceSynchronizer(world);
  for (const signed of third.identity(its.info.logicalId)) its.seed(signed, now());
  const added = {
    participant_uid: third.uid,
    permission: 'PARTICIPANT_PERMISSION_SUBMISSION' as const,
  };
  const signers = [third.namespace];
  await changeHosts(world, (hosts) => [...hosts, added], { signers, threshold });
  return async () => {
    const before = threshold && 1;
    const without = (hosts: Hosts) => hosts.filter((host) => host.participant_uid !== third.uid);
    await changeHosts(world, without, { signers, threshold: before });
  };
}

type Hosts = readonly HostingParticipant[];

/** Replaces the hosts of the first party on the source synchronizer at once, whoever is connected. */
export async function changeHosts(
  world: World,
  edit: (hosts: Hosts) => Hosts,
  { signers = [], threshold }: { signers?: readonly Signer[]; threshold?: number | undefined } = {},
): Promise<TakeBack> {
  const { truth, places, source, target } = world;
  const [party = ''] = places.parties;
  const its = sourceSynchronizer(world);
  const entry = its.store
    .all('ptp')
    .filter(({ isProposal, transaction }) => !isProposal && transaction.mapping.code === 'ptp')
    .map(({ transaction }) => transaction)
    .filter(({ mapping }) => (mapping.value as { party: string }).party === party)
    .sort((a, b) => b.serial - a.serial)[0];
  if (!entry || entry.mapping.code !== 'ptp') throw new NotPossible(`${party} has no host`);
  const { value } = entry.mapping;
  if (!value.participants.some((host) => host.participant_uid === source.uid))
    throw new NotPossible('the source is no host any more');
  const replace = (changed: Partial<typeof value>, serial: number) =>
    its.seed(
      signedBy(
        [...namespaces(source, target), ...signers],
        { code: 'ptp', value: { ...value, ...changed } },
        serial,
      ),
      now(),
    );
  const raised = threshold === undefined ? {} : { threshold };
  replace({ participants: edit(value.participants), ...raised }, entry.serial + 1);
  if (!source.connected().includes(places.source.alias)) truth.unseen.add(party);
  const previous = truth.hosting.get(party)!;
  const isBoth = value.participants.some((host) => host.participant_uid === target.uid);
  // On the live route the target comes to it by the migration, whatever others do.
  const theirs = edit(value.participants)
    .filter((host) => host.participant_uid !== target.uid || !places.isLive)
    .map((host) => [host.participant_uid, host.permission]);
  const hosts = Object.fromEntries(theirs) as Record<string, string>;
  // What the source may do is nothing to a target that is a host already.
  const moved = isBoth && places.isLive ? { moved: previous.hosts[source.uid] ?? '' } : {};
  truth.hosting.set(party, { ...moved, ...previous, hosts, ...raised });
  return () => {
    replace(value, entry.serial + 2);
    truth.hosting.set(party, previous);
  };
}

/** As by the console of the source, which signs it. */
async function propose(world: World, ours: Permission, own: Permission): Promise<void> {
  const { clients, places, source, target } = world;
  const [party = ''] = places.parties;
  const store = { synchronizerId: places.source.logicalId };
  await ifPossible(async () => {
    const [mapping] = await clients.source.topology.listPartyMappings(store, { party });
    if (!mapping) throw new Error('the party has no mapping');
    if (mapping.hosts.some(({ participantUid }) => participantUid === target.uid))
      throw new Error('the target is a host already');
    const hosts = [
      ...mapping.hosts.map((host) =>
        host.participantUid === source.uid ? { ...host, permission: own } : host,
      ),
      { participantUid: target.uid, permission: ours, isOnboarding: true } as const,
    ];
    await clients.source.topology.proposePartyHosting(store, {
      ...mapping,
      hosts,
      serial: mapping.serial + 1,
    });
  });
}

/** The keys of both nodes, each of which may be asked for. */
function namespaces(...views: readonly ParticipantView[]): Signer[] {
  return views.map(({ participant }) => {
    const { vault } = participant.node;
    const { fingerprint: id, signing: key } = vault.namespaceKey();
    return { id, key, sign: (hash) => vault.sign(id, hash) };
  });
}

function now(): bigint {
  return BigInt(Date.now()) * 1000n;
}
