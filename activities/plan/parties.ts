import { isSameKeys } from '../../canton/v30/party-keys.js';
import { counted, listed } from '../../model/count.js';
import { isLower } from '../../model/hosting.js';
import type { NodeRef, PartyMapping, Permission } from '../../model/participant.js';
import {
  namespaceOf,
  NOT_SELECTED,
  type Finding,
  type PartyClass,
  type PlannedNode,
  type PlannedParty,
} from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { onboardingTo } from '../hosting/other-onboarding.js';
import { when } from './finding.js';
import { namedIds, selects } from './selection.js';
import { NamespaceSigners, type NodeKeys } from './signers.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { mappingsOf } from '../hosting/hosted.js';

const WHY_LEFT = {
  // Source: admin-api 3.3.
  admin:
    'the admin party of a participant cannot be hosted by another one (Canton: TOPOLOGY_PARTY_ID_CONFLICT_WITH_ADMIN_PARTY); its contracts are node-local',
  unsigned:
    'no key is known that could sign for its namespace: it has no signing keys of its own, and the synchronizer no root delegation',
  others: 'other participants host it too: its contracts stay active there, on the source synchronizer',
  threshold:
    'its threshold is above one, and the target alone cannot meet it on the target synchronizer',
  target: 'the target hosts it already, beside the source: remove one of the two as host to end that',
};

interface PartyReadings {
  request: MigrationRequest;
  source: ParticipantReads;
  /** Knows the target synchronizer. */
  reader: ParticipantReads;
  nodes: { source: PlannedNode; target: PlannedNode };
  isLive: boolean;
  keys: NodeKeys;
  /** Namespaces whose root key is at hand elsewhere than on the source. */
  signedElsewhere: string[];
}

export interface ClassifiedParties {
  parties: PlannedParty[];
  obstacles: Finding[];
  warnings: Finding[];
  /** Of the synchronizer of the source. */
  signers: NamespaceSigners;
}

/**
 * Classifies every party that the source hosts and decides what happens to it, ordered by party.
 *
 * Contract counts of those that move are filled in by the caller. Source: admin-api 5.4; networks C; networks
 * D.
 */
export async function classifyParties(readings: PartyReadings): Promise<ClassifiedParties> {
  const { request, source, reader, nodes, isLive, keys, signedElsewhere } = readings;
  const store = { synchronizerId: nodes.source.synchronizer.logicalId };
  const filter = { participantUid: nodes.source.uid };
  const mappings = await source.topology.listPartyMappings(store, filter, { mayBeMany: true });
  const signers = await NamespaceSigners.read(source, store, {
    mappings,
    nodes: [nodes.source.namespace, nodes.target.namespace],
    keys,
  });
  const isSelected = selects(request);
  const { permission: granted } = await source.topology.readGrant(store, nodes.source.uid);
  const members = new Set((await source.topology.listParticipants(store)).map(namespaceOf));
  const own = new Set([nodes.source.namespace, ...signedElsewhere]);
  const context = { nodes, isLive, signers, own, members };
  const parties = mappings
    .filter(({ party }) => party !== nodes.source.uid)
    .map((mapping) => {
      const found = treatmentOf(mapping, context);
      const reason = found.reason || (isSelected(mapping.party, found.class) ? '' : NOT_SELECTED);
      return plannedParty(mapping, { ...found, reason }, { uid: nodes.source.uid, granted });
    });
  parties.push(adminParty(nodes.source.uid));
  parties.sort((a, b) => (a.party < b.party ? -1 : 1));
  if (!isLive) await addFormerMappings(parties, reader, nodes.target);
  const classes = new Map(parties.map(({ party, class: its }) => [party, its]));
  const onTarget = isLive
    ? await source.topology.listPartyMappings(store, { participantUid: nodes.target.uid })
    : [];
  const isMeant = (party: string) => isSelected(party, classes.get(party) ?? 'local');
  const obstacles = [
    ...unmovable(namedIds(request), parties),
    ...(isLive
      ? onboarding([
          ...mappings.filter(({ party }) => isMeant(party)),
          ...onboardingTo(onTarget, nodes.target),
        ])
      : differingKeys(parties)),
  ];
  return { parties, obstacles, warnings: await findKeylessWarnings(parties, source, store), signers };
}

interface Context {
  nodes: { source: NodeRef; target: NodeRef };
  isLive: boolean;
  signers: NamespaceSigners;
  /** Namespaces that the nodes sign for, wherever their root key is. */
  own: ReadonlySet<string>;
  /** Namespaces of the participants of the synchronizer. */
  members: ReadonlySet<string>;
}

type Treatment = Pick<PlannedParty, 'class' | 'reason' | 'signers'>;

/** Which class a party is of, why it stays, if it does, and whose signatures it needs, if it moves. */
function treatmentOf(mapping: PartyMapping, context: Context): Treatment {
  const { nodes, isLive } = context;
  const its = classOf(mapping, context);
  const reason =
    isLive && mapping.hosts.some(({ participantUid }) => participantUid === nodes.target.uid)
      ? WHY_LEFT.target
      : !isLive && isShared(mapping)
        ? WHY_LEFT[mapping.hosts.length > 1 ? 'others' : 'threshold']
        : '';
  if (reason !== '') return { class: its, reason };
  const missing = missingFor(mapping, its, context);
  if (missing === 'unknown') return { class: its, reason: WHY_LEFT.unsigned };
  return { class: its, reason: '', ...(missing !== 'none' && { signers: missing }) };
}

function classOf(mapping: PartyMapping, { signers, own, members }: Context): PartyClass {
  const namespace = namespaceOf(mapping.party);
  if (signers.isDecentralized(namespace)) return 'decentralized';
  if (mapping.signingKeys !== undefined) return 'external';
  if (own.has(namespace) || signers.isSignedBy('source', namespace))
    return isShared(mapping) ? 'multi-hosted' : 'local';
  return members.has(namespace) ? 'foreign-namespace' : 'external';
}

function isShared({ hosts, threshold }: PartyMapping): boolean {
  return hosts.length > 1 || threshold > 1;
}

function missingFor(
  mapping: PartyMapping,
  its: PartyClass,
  { isLive, signers }: Context,
): NonNullable<PlannedParty['signers']> | 'none' | 'unknown' {
  const namespace = namespaceOf(mapping.party);
  const isOwn = its === 'local' || its === 'multi-hosted';
  if (isLive) {
    const missing = signers.missingFor(mapping, ['source']);
    // That it has no root delegation is an obstacle, which names the participant.
    return missing === 'unknown' && isOwn ? { namespaces: [namespace], needed: 1 } : missing;
  }
  // What is delegated to the target by then, it signs itself.
  if (isOwn) return 'none';
  return signers.missingFor(mapping, ['source', 'target']);
}

function plannedParty(
  { serial, ...hosting }: PartyMapping,
  { signers, ...found }: Treatment,
  { uid, granted }: { uid: string; granted: Permission | undefined },
): PlannedParty {
  const { permission = 'submission' } =
    hosting.hosts.find(({ participantUid }) => participantUid === uid) ?? {};
  const isPlain = !isShared({ ...hosting, serial }) && hosting.signingKeys === undefined;
  const isMoving = found.reason === '';
  return {
    party: hosting.party,
    ...found,
    treatment: isMoving ? 'move' : 'leave',
    permission,
    ...(granted !== undefined && isLower(granted, permission) && { effective: granted }),
    ...(isMoving && !isPlain && { hosting }),
    ...(isMoving && signers && { signers }),
  };
}

function adminParty(party: string): PlannedParty {
  return {
    party,
    class: 'admin',
    treatment: 'leave',
    reason: WHY_LEFT.admin,
    permission: 'submission',
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
  const found = await mappingsOf(
    reader,
    store,
    moved.map(({ party }) => party),
  );
  for (const planned of moved) {
    const former = found.get(planned.party);
    if (former) planned.formerMapping = former;
  }
}

/** Nobody can submit for a party whose keys no mapping names; it can be moved. Source: networks C. */
async function findKeylessWarnings(
  parties: PlannedParty[],
  { topology }: ParticipantReads,
  store: { synchronizerId: string },
): Promise<Finding[]> {
  const without = parties.filter(
    ({ class: its, treatment, hosting }) =>
      treatment === 'move' && its === 'external' && hosting?.signingKeys === undefined,
  );
  if (without.length === 0) return [];
  const keyed = new Set(await topology.listPartiesWithKeys(store));
  const found = without.map(({ party }) => party).filter((party) => !keyed.has(party));
  return when(found.length > 0, {
    type: 'PartyWithoutSigningKeys',
    what: `${found.length} external parties that move have no signing keys on the synchronizer, in the mapping of their hosts or in one of their own, and nobody can submit for them, before the migration or after it: ${listed(found)}`,
    cure: 'nothing if they only observe and confirm; otherwise have the holder of each key add it to the PartyToParticipant mapping of the party',
  });
}

/** One finding for each reason, however many parties the request names. */
function unmovable(wanted: string[], parties: PlannedParty[]): Finding[] {
  const byName = new Map(parties.map((planned) => [planned.party, planned]));
  const byReason = new Map<string, string[]>();
  for (const party of wanted) {
    const planned = byName.get(party);
    if (planned?.treatment === 'move') continue;
    const reason = planned?.reason ?? 'not hosted by the source on the source synchronizer';
    const named = byReason.get(reason) ?? [];
    named.push(party);
    byReason.set(reason, named);
  }
  return [...byReason].map(([reason, named]) => ({
    type: 'PartyNotMovable',
    what: `${counted(named.length, 'party', 'parties')} of the request cannot be moved: ${reason}: ${listed(named)}`,
    cure: 'remove them from the parties of the request',
  }));
}

/**
 * Parties of which the target synchronizer knows other signing keys: a key that was replaced since would
 * authorise again there, and the present one nothing. The nodes cannot change them: whoever signs for the
 * party has to, with each new key. Source: networks C.
 */
function differingKeys(parties: PlannedParty[]): Finding[] {
  const found = parties
    .filter(
      ({ treatment, hosting, formerMapping: { signingKeys } = {} }) =>
        treatment === 'move' &&
        signingKeys !== undefined &&
        !isSameKeys(signingKeys, hosting?.signingKeys),
    )
    .map(({ party }) => party);
  return when(found.length > 0, {
    type: 'SigningKeysDiffer',
    what: `${found.length} parties that move have other signing keys in their mapping on the target synchronizer than on that of the source: ${listed(found)}`,
    cure: 'have the holders of their keys give them the same signing keys and threshold in the PartyToParticipant mapping on both synchronizers (a node that is parked knows only what was there when it was disconnected), or leave these parties out of the request',
  });
}

/**
 * A second onboarding of one party at a time could take the flag of the first one for its own. With contracts
 * that a party shares with one that is being onboarded to the target, the export and the comparison leave out
 * the same ones.
 */
function onboarding(mappings: PartyMapping[]): Finding[] {
  const flagged = mappings.flatMap(({ party, hosts }) =>
    hosts
      .filter(({ isOnboarding }) => isOnboarding)
      .map(({ participantUid }) => `${party} on ${participantUid}`),
  );
  const found = [...new Set(flagged)];
  return when(found.length > 0, {
    type: 'OnboardingUnderWay',
    what: `${found.length} hosts have the onboarding flag, for parties of the source or on the target: ${listed(found)}`,
    cure: 'wait until these hosts are onboarded, or abort the migration that proposed them; if none is under way, remove them as hosts',
  });
}
