import type { TopologyPort } from '../node.js';
import type { HostingParticipant, Permission } from '../topology/mapping.js';
import {
  contractsArchived,
  contractsOnUnknownSynchronizers,
  notConnected,
  noSynchronizerForSubmitter,
  packageNotVetted,
  partyOnboarding,
  unknownInformees,
} from './command-refusals.js';
import type { Effects } from './interpretation.js';
import type { Ledger } from './ledger.js';

/** What a submission is routed by. */
export interface RoutingParts {
  readonly name: string;
  readonly uid: string;
  readonly topology: TopologyPort;
  readonly ledger: Ledger;
}

/** Lists the stakeholders of everything a submission creates or uses, each once. */
export function informeesOf({ created, archived }: Effects): Set<string> {
  const contracts = [...created, ...archived.map((one) => one.contract)];
  return new Set(contracts.flatMap((one) => [...one.signatories, ...one.observers]));
}

/**
 * Returns the connected synchronizer (logical id) on which this node may submit for all submitters, every informee is
 * hosted, every used contract is, and every real host has vetted the packages; `only` leaves no other choice.
 */
export function route(
  parts: RoutingParts,
  effects: Effects,
  submitters: readonly string[],
  only?: string,
): string {
  const { topology, name } = parts;
  const connected = topology
    .connected()
    .map((one) => one.logicalId)
    .filter((id) => only === undefined || id === only);
  if (connected.length === 0) throw notConnected(name);
  checkContracts(parts, effects, connected);
  const informees = [...informeesOf(effects)];
  const places = connected.filter((id) => effects.archived.every((one) => one.synchronizerId === id));
  const isKnown = (id: string, party: string) => hostsOf(parts, id, party).length > 0;
  const unknown = informees.filter((party) => !places.some((id) => isKnown(id, party)));
  if (unknown.length > 0) throw unknownInformees(unknown, name);
  checkSubmitters(parts, connected, submitters);
  const where = places.find((id) => informees.every((party) => isKnown(id, party)));
  if (where === undefined) throw unknownInformees(informees, name);
  checkVetting(parts, effects, where);
  return where;
}

function hostsOf({ topology }: RoutingParts, id: string, party: string): readonly HostingParticipant[] {
  return topology.hosting(id, party);
}

const SUBMISSION: Permission = 'PARTICIPANT_PERMISSION_SUBMISSION';

/** Finds where the contracts are, by the synchronizers that are connected. Source: networks J, item 4. */
function checkContracts(
  { ledger, name }: RoutingParts,
  { archived }: Effects,
  connected: readonly string[],
): void {
  const ids = (contracts: Effects['archived']) => contracts.map(({ contract }) => contract.contractId);
  const gone = archived.filter(({ slot }) => slot !== undefined && !ledger.isActive(slot));
  const [first] = gone;
  if (first) throw contractsArchived(ids(gone), first.synchronizerId, name);
  const lost = archived.filter(({ synchronizerId }) => !connected.includes(synchronizerId));
  if (lost.length > 0) throw contractsOnUnknownSynchronizers(ids(lost), name);
}

/** A party of which several hosts have to confirm submits on none. Source: live-route 2 and 4; networks D. */
function checkSubmitters(
  parts: RoutingParts,
  connected: readonly string[],
  submitters: readonly string[],
): void {
  const own = (id: string, party: string) =>
    parts.topology.threshold(id, party) > 1
      ? undefined
      : hostsOf(parts, id, party).find(
          (host) => host.participant_uid === parts.uid && host.permission === SUBMISSION,
        );
  const places = connected.filter((id) => submitters.every((party) => own(id, party)));
  const [place] = places;
  if (place === undefined) {
    const isOwnSomewhere = (party: string) => connected.some((id) => own(id, party));
    const unknown = submitters.find((party) => !isOwnSomewhere(party)) ?? submitters[0] ?? '';
    throw noSynchronizerForSubmitter(unknown, parts.name);
  }
  const flagged = submitters.filter((party) => own(place, party)?.onboarding);
  if (flagged.length === 0) return;
  throw partyOnboarding(flagged, parts.topology.find(place)?.physicalId ?? place, parts.name);
}

/** Every host of every stakeholder needs the package. */
function checkVetting({ topology, uid, name }: RoutingParts, effects: Effects, where: string): void {
  const order = topology.order(where);
  const contracts = [...effects.created, ...effects.archived.map((one) => one.contract)];
  for (const { template, signatories, observers } of contracts) {
    const isVettedBy = (host: string) =>
      (host === uid ? topology.vetted(where) : order?.vettedBy(host))?.has(template.packageId);
    for (const party of [...signatories, ...observers]) {
      const hosts = [uid, ...(order?.realHosts([party], Date.now() * 1000) ?? [])];
      if (hosts.every(isVettedBy)) continue;
      const { packageName } = template;
      throw packageNotVetted({ packageName, party, synchronizerId: where }, name);
    }
  }
}
