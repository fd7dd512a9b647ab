import { refused } from '../model/failure.js';
import type { PartyMapping } from '../model/participant.js';
import {
  namespaceOf,
  type Finding,
  type PartyClass,
  type PlannedNode,
  type PlannedParty,
} from '../model/plan.js';
import { PARTIES_LIMIT, type MigrationRequest } from '../model/request.js';
import type { Participant } from './participant.js';
import { forEachOf } from './waiting.js';

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

/**
 * Classifies every party that the source hosts and decides what happens to it, ordered by party.
 *
 * Contract counts are filled in by the caller. Source: Canton facts 5.4.
 */
export async function classifyParties(
  request: MigrationRequest,
  source: Participant,
  target: Participant,
  sourceNode: PlannedNode,
  targetNode: PlannedNode,
): Promise<{ parties: PlannedParty[]; obstacles: Finding[] }> {
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
  const own = await ownNamespaces(mappings, source, sourceNode);
  const parties = mappings
    .filter(({ party }) => party !== sourceNode.uid)
    .map((mapping) =>
      plannedParty(mapping, classOf(mapping, own, new Set(decentralized)), sourceNode, wanted),
    );
  parties.push(adminParty(sourceNode.uid));
  parties.sort((a, b) => (a.party < b.party ? -1 : 1));
  await addFormerMappings(parties, target, targetNode);
  return { parties, obstacles: wanted ? unmovable(wanted, parties) : [] };
}

/** The namespaces the source signs for: its own, and those that are delegated to it. */
async function ownNamespaces(
  mappings: PartyMapping[],
  source: Participant,
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
    if (delegations.some(({ targetKey }) => targetKey === namespace)) own.add(other);
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

function plannedParty(
  { party, hosts }: PartyMapping,
  partyClass: PartyClass,
  source: PlannedNode,
  wanted: Set<string> | undefined,
): PlannedParty {
  const isWanted = wanted?.has(party) ?? true;
  const reason =
    partyClass === 'local' ? (isWanted ? '' : 'the request does not name it') : WHY_LEFT[partyClass];
  return {
    party,
    class: partyClass,
    treatment: reason === '' ? 'move' : 'leave',
    reason,
    permission:
      hosts.find(({ participantUid }) => participantUid === source.uid)?.permission ?? 'submission',
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
async function addFormerMappings(parties: PlannedParty[], target: Participant, targetNode: PlannedNode) {
  const store = { synchronizerId: targetNode.synchronizer.logicalId };
  const moved = parties.filter(({ treatment }) => treatment === 'move');
  await forEachOf(moved, READS_AT_ONCE, async (planned) => {
    const found = await target.topology.listPartyMappings(store, { party: planned.party });
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
