import { abilitiesOf, type Abilities } from '../../model/abilities.js';
import { counted, listed } from '../../model/count.js';
import { refused } from '../../model/failure.js';
import { protocolVersionOf } from '../../model/physical-id.js';
import { delegationsOf, namespaceOf, type Finding, type WithParties } from '../../model/plan.js';
import { PARTY_VIEWS } from '../../model/plan-parties.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { MigrationRequest } from '../../model/request.js';
import { countOnTarget } from '../contracts/published.js';
import { when } from './finding.js';
import type { NodeReading, Synchronizers } from './nodes.js';

/**
 * Returns what both nodes can do. Fails with `GenerationsDiffer` unless they are of one generation of Canton: neither
 * reads the snapshots and the topology transactions of the other.
 */
export async function readAbilities(
  source: ParticipantReads,
  target: ParticipantReads,
): Promise<Abilities> {
  const [ofSource, ofTarget] = await Promise.all([
    source.health.readAbilities(),
    target.health.readAbilities(),
  ]);
  if (ofSource.generation === ofTarget.generation) return ofSource;
  throw refused(
    'GenerationsDiffer',
    `${source.name} is a participant of Canton ${ofSource.generation}, ${target.name} one of Canton ` +
      `${ofTarget.generation}: expected two of one generation`,
  );
}

/**
 * Fails with `RouteUnavailable` if both nodes share a synchronizer on which they cannot host a party together, and with
 * `RequestInvalid` if the contracts cannot be copied as the request says.
 */
export function assertPossible(
  { options }: MigrationRequest,
  { source, target }: Synchronizers,
  { generation, joinsHosts, tellsChanges }: Abilities,
): void {
  if (!joinsHosts && source.logicalId === target.logicalId)
    throw refused(
      'RouteUnavailable',
      `both nodes use the synchronizer ${source.logicalId}: in Canton ${generation} a participant that becomes a ` +
        'second host serves at once, without the contracts, so there is no route live; expected a target that is ' +
        'connected to another synchronizer',
    );
  const copy = options?.copy ?? 'cold';
  if (!tellsChanges && copy !== 'cold')
    throw refused(
      'RequestInvalid',
      `options.copy: found ${copy}, expected cold: a participant of Canton ${generation} does not tell what changed ` +
        'of its contracts since an export; leave the option out',
    );
}

/** What stands in the way only of nodes that can do less than those of Canton 3.5. */
export async function abilityObstacles(
  plan: WithParties,
  { source, target }: { source: NodeReading; target: NodeReading },
  node: ParticipantReads,
): Promise<Finding[]> {
  const { hostsDisconnected, importMovesLedgerEnd } = abilitiesOf(plan);
  return [
    ...(hostsDisconnected ? domainObstacles(plan, source, target) : []),
    ...(importMovesLedgerEnd ? [] : await importedObstacles(plan, node)),
  ];
}

/** Source: canton-2.10 3; canton-2.10 H, items 6 and 8. */
function domainObstacles(plan: WithParties, source: NodeReading, target: NodeReading): Finding[] {
  const { logicalId, alias } = plan.target.synchronizer;
  const others = target.registered.filter((its) => its.logicalId !== logicalId);
  const wanted = protocolVersionOf(plan.target.synchronizer);
  const supported = source.status.supportedProtocolVersions;
  const moving = plan.parties.filter(({ treatment }) => treatment === 'move');
  const delegated = new Set(delegationsOf(plan).map(({ namespace }) => namespace));
  const ofOthers = moving.filter(({ party }) => !delegated.has(namespaceOf(party)));
  const hosted = moving.flatMap(({ party, formerMapping }) =>
    (formerMapping?.hosts ?? [])
      .filter(({ participantUid }) => participantUid !== plan.target.uid)
      .map(({ participantUid }) => `${party} by ${participantUid}`),
  );
  const isOffline = delegationsOf(plan).some(({ signer }) => signer === 'offline');
  const written = protocolVersionOf(plan.source.synchronizer);
  return [
    ...when(isOffline && written !== wanted, {
      type: 'RootKeyNeededOnSource',
      what: `the root key is offline, and ${alias} has protocol version ${wanted}, that of the source ${written}: the root delegation itself has to be signed again, which only a participant with the key does`,
      cure: 'import the root key into the vault of the source until the delegation is loaded, and make the plan again',
    }),
    ...when(others.length > 0, {
      type: 'TargetOnOtherDomain',
      what: `${target.name} is registered with ${listed(others.map((its) => its.alias))} beside ${alias}: with unique contract keys a participant of Canton 2.10 can only ever have one domain`,
      cure: `use a target with a fresh database that was never registered with another domain than ${alias}`,
    }),
    ...when(!supported.includes(wanted), {
      type: 'ProtocolVersionUnsupported',
      what: `${alias} has protocol version ${wanted}, and ${source.name} can write topology transactions and contracts of ${supported.join(', ')}`,
      cure: 'upgrade the source to a release that supports the protocol version of the target domain',
    }),
    ...when(ofOthers.length > 0, {
      type: 'PartiesOfOtherNamespaces',
      what: `${counted(ofOthers.length, 'party', 'parties')} that the target may not sign for: ${listed(ofOthers.map(({ party }) => party))}`,
      cure: 'leave them out of the request; their own participant maps them to the target by hand',
    }),
    ...when(hosted.length > 0, {
      type: 'PartiesHostedByOthers',
      what: `on ${alias}, other participants host parties that move, perhaps the target of a migration that was given up: ${listed(hosted)}`,
      cure: 'retry with that participant as the target, or have the operator of the domain remove it from the domain (on its Admin API AuthorizeParticipantDomainState, Remove)',
    }),
  ];
}

/** Of an import before its target was connected there is no event. Source: canton-2.10 2; canton-2.10 H, item 3. */
async function importedObstacles(
  { target, parties: planned }: WithParties,
  node: ParticipantReads,
): Promise<Finding[]> {
  const { logicalId: synchronizerId } = target.synchronizer;
  const parties = PARTY_VIEWS.moved(planned);
  const count = await countOnTarget(node, { parties, synchronizerId });
  return when(count > 0, {
    type: 'TargetNotFresh',
    what: `${target.name} already has ${counted(count, 'contract')} of parties that move`,
    cure: 'start the target with a fresh database: contracts that are purged and imported again would be invisible to its applications',
  });
}
