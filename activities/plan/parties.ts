import { listed } from '../../model/count.js';
import { refused } from '../../model/failure.js';
import { isLower } from '../../model/hosting.js';
import type { PartyMapping, Permission, VaultKey } from '../../model/participant.js';
import { NOT_NAMED } from '../../model/party-exceptions.js';
import {
  namespaceOf,
  type Finding,
  type PartyClass,
  type PlannedNode,
  type PlannedParty,
} from '../../model/plan.js';
import { PARTIES_LIMIT, type MigrationRequest } from '../../model/request.js';
import { when } from './finding.js';
import { signersAmong } from './key-use.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { forEachOf } from '../attempt/waiting.js';

/** Reads of single parties under way at once. */
const READS_AT_ONCE = 20;

const WHY_LEFT: Record<Exclude<PartyClass, 'local'>, string> = {
  admin:
    'the admin party of a participant cannot be hosted by another one; its contracts are node-local',
  external: 'it signs for itself: only the holder of its key can move it',
  decentralized: 'its namespace has several owners: all of them would have to sign',
  'multi-hosted':
    'other participants host it too: its contracts stay active there, on the source synchronizer',
};

/** On one synchronizer, where the other hosts are not in the way of anything but were never tried. */
const WHY_LEFT_LIVE = {
  others: 'other participants host it too, or have to confirm with it: it stays as it is',
  target: 'the target hosts it already, beside the source: remove one of the two as host to end that',
};

interface PartyReadings {
  request: MigrationRequest;
  source: ParticipantReads;
  /** Knows the target synchronizer. */
  reader: ParticipantReads;
  nodes: { source: PlannedNode; target: PlannedNode };
  isLive: boolean;
  /** In the vault of the source. */
  sourceKeys: VaultKey[];
  /** Namespaces whose root key is at hand elsewhere than on the source. */
  signedElsewhere: string[];
}

/**
 * Classifies every party that the source hosts and decides what happens to it, ordered by party.
 *
 * Contract counts are filled in by the caller. Source: admin-api 5.4.
 */
export async function classifyParties({
  request,
  source,
  reader,
  nodes: { source: sourceNode, target: targetNode },
  isLive,
  sourceKeys,
  signedElsewhere,
}: PartyReadings): Promise<{ parties: PlannedParty[]; obstacles: Finding[] }> {
  const store = { synchronizerId: sourceNode.synchronizer.logicalId };
  const [mappings, decentralized] = await Promise.all([
    source.topology.listPartyMappings(store, { participantUid: sourceNode.uid }),
    source.topology.listDecentralizedNamespaces(store),
  ]);
  if (mappings.length > PARTIES_LIMIT) {
    throw refused(
      'TooManyParties',
      `${source.name} hosts ${mappings.length} parties, at most ${PARTIES_LIMIT} fit into a plan`,
    );
  }
  const wanted = request.parties && new Set(request.parties);
  const own = await ownNamespaces(mappings, { source, sourceKeys }, sourceNode);
  for (const namespace of signedElsewhere) own.add(namespace);
  const { permission: granted } = await source.topology.readGrant(store, sourceNode.uid);
  const host = { uid: sourceNode.uid, ...(granted && { granted }) };
  const multiHosted = (mapping: PartyMapping) =>
    !isLive
      ? WHY_LEFT['multi-hosted']
      : WHY_LEFT_LIVE[isHostedBy(mapping, targetNode.uid) ? 'target' : 'others'];
  const parties = mappings
    .filter(({ party }) => party !== sourceNode.uid)
    .map((mapping) => {
      const its = classOf(mapping, own, new Set(decentralized));
      const why = its === 'multi-hosted' ? multiHosted(mapping) : its === 'local' ? '' : WHY_LEFT[its];
      return plannedParty(mapping, { class: its, why }, host, wanted);
    });
  parties.push(adminParty(sourceNode.uid));
  parties.sort((a, b) => (a.party < b.party ? -1 : 1));
  await addFormerMappings(parties, reader, targetNode);
  const obstacles = [
    ...(wanted ? unmovable(wanted, parties) : []),
    ...(isLive ? onboarding(mappings.filter(({ party }) => wanted?.has(party) ?? true)) : []),
  ];
  return { parties, obstacles };
}

/** The namespaces the source signs for: its own, and those that are delegated to it or to a key of its vault. */
async function ownNamespaces(
  mappings: PartyMapping[],
  { source, sourceKeys }: Pick<PartyReadings, 'source' | 'sourceKeys'>,
  { namespace, synchronizer }: PlannedNode,
): Promise<Set<string>> {
  const own = new Set([namespace]);
  const others = new Set(
    mappings
      .filter(({ signingKeys }) => signingKeys === undefined)
      .map(({ party }) => namespaceOf(party))
      .filter((its) => its !== namespace),
  );
  await forEachOf([...others], READS_AT_ONCE, async (other) => {
    const store = { synchronizerId: synchronizer.logicalId };
    const delegations = await source.topology.listDelegations(store, other);
    const isDelegated = delegations.some(({ targetKey }) => targetKey === namespace);
    if (isDelegated || signersAmong(sourceKeys, other, delegations).length > 0) own.add(other);
  });
  return own;
}

function classOf(mapping: PartyMapping, own: Set<string>, decentralized: Set<string>): PartyClass {
  const namespace = namespaceOf(mapping.party);
  if (decentralized.has(namespace)) return 'decentralized';
  if (mapping.signingKeys !== undefined || !own.has(namespace)) return 'external';
  if (mapping.hosts.length > 1 || mapping.threshold > 1) return 'multi-hosted';
  return 'local';
}

function isHostedBy({ hosts }: PartyMapping, uid: string): boolean {
  return hosts.some(({ participantUid }) => participantUid === uid);
}

function plannedParty(
  { party, hosts }: PartyMapping,
  { class: partyClass, why }: { class: PartyClass; why: string },
  source: { uid: string; granted?: Permission },
  wanted: Set<string> | undefined,
): PlannedParty {
  const isWanted = wanted?.has(party) ?? true;
  const reason = why === '' && !isWanted ? NOT_NAMED : why;
  const { permission = 'submission' } =
    hosts.find(({ participantUid }) => participantUid === source.uid) ?? {};
  const { granted } = source;
  return {
    party,
    class: partyClass,
    treatment: reason === '' ? 'move' : 'leave',
    reason,
    permission,
    ...(granted !== undefined && isLower(granted, permission) && { effective: granted }),
    contractCount: 0,
  };
}

function adminParty(party: string): PlannedParty {
  return {
    party,
    class: 'admin',
    treatment: 'leave',
    reason: WHY_LEFT.admin,
    permission: 'submission',
    contractCount: 0,
  };
}

/** How the parties that move stand on the target synchronizer now: what an abort has to restore. */
async function addFormerMappings(
  parties: PlannedParty[],
  reader: ParticipantReads,
  targetNode: PlannedNode,
) {
  const store = { synchronizerId: targetNode.synchronizer.logicalId };
  const moved = parties.filter(({ treatment }) => treatment === 'move');
  await forEachOf(moved, READS_AT_ONCE, async (planned) => {
    const found = await reader.topology.listPartyMappings(store, { party: planned.party });
    const former = found.find(({ party }) => party === planned.party);
    if (former) planned.formerMapping = former;
  });
}

function unmovable(wanted: Set<string>, parties: PlannedParty[]): Finding[] {
  const byName = new Map(parties.map((planned) => [planned.party, planned]));
  return [...wanted].flatMap((party): Finding[] => {
    const planned = byName.get(party);
    if (planned?.treatment === 'move') return [];
    return [
      {
        type: 'PartyNotMovable',
        what: planned
          ? `${party} cannot be moved: ${planned.reason}`
          : `${party} is not hosted by the source on the source synchronizer`,
        cure: 'remove it from the parties of the request',
      },
    ];
  });
}

/** A second onboarding of one party at a time could take the flag of the first one for its own. */
function onboarding(mappings: PartyMapping[]): Finding[] {
  const found = mappings.flatMap(({ party, hosts }) =>
    hosts
      .filter(({ isOnboarding }) => isOnboarding)
      .map(({ participantUid }) => `${party} on ${participantUid}`),
  );
  return when(found.length > 0, {
    type: 'OnboardingUnderWay',
    what: `${found.length} hosts have the onboarding flag for parties of the source: ${listed(found)}`,
    cure: 'wait until these hosts are onboarded, or abort the migration that proposed them; if none is under way, remove them as hosts',
  });
}
