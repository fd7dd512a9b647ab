import { CURES } from '../../model/cures.js';
import { leftToDo } from '../../model/left-to-do.js';
import type { ReportedFailure } from '../../model/report.js';
import type { ParticipantView } from '../../sandbox/index.js';
import { stakeholdersOf } from '../support/ledger-changes.js';
import { contractsOn, hostingOf, type Kept, type World } from './world.js';

/** How a journey ended, as the migration says. */
export type End = 'migrated' | 'aborted' | 'left isolated' | 'stopped' | 'abort stopped';

export interface Ended {
  readonly end: End;
  /** Newest last. */
  readonly failures: readonly ReportedFailure[];
}

/**
 * Returns what is not as the migration says, or must never be, in words that name the thing: nothing if all is well.
 *
 * Reads the nodes themselves and what those who changed them know, never our own clients.
 */
export function judge(world: World, { end, failures }: Ended): string[] {
  return [...never(world, end), ...saidOf(world, end, failures)];
}

function saidOf(world: World, end: End, failures: Ended['failures']): string[] {
  switch (end) {
    case 'migrated':
      return migrated(world);
    case 'aborted':
      return aborted(world);
    case 'left isolated':
      return world.truth.isConnectedByOther || world.truth.isRestored
        ? []
        : ['left isolated without a reason'];
    case 'abort stopped':
      return [`an abort that does not end: ${lastOf(failures)}`, ...reported(failures)];
    case 'stopped':
      return reported(failures);
  }
}

/** What must not be, whatever else is. */
function never(world: World, end: End): string[] {
  const { source, target, truth } = world;
  return [
    ...(source.isDamaged() ? [`source destroyed: ${JSON.stringify(source.damage()[0])}`] : []),
    ...(target.isDamaged() && (!truth.isConnectedByOther || end !== 'left isolated')
      ? [`target destroyed: ${JSON.stringify(target.damage()[0])}`]
      : []),
    ...servedTwice(world),
  ];
}

/** On one synchronizer both nodes have them on purpose: it lets no contract be used twice. */
function servedTwice({ source, target, places, truth }: World): string[] {
  const found: string[] = [];
  const isServing = (view: ParticipantView, alias: string) => view.connected().includes(alias);
  if (!isServing(target, places.target.alias)) return found;
  const onTarget = new Set(contractsOn(target, places.target.logicalId));
  for (const id of truth.away)
    if (onTarget.has(id)) found.push(`${short(id)} went elsewhere, and the target serves it`);
  for (const id of truth.ended)
    if (onTarget.has(id)) found.push(`${short(id)} was archived, and the target serves it`);
  if (places.isLive || truth.isAlarm || !isServing(source, places.source.alias)) return found;
  for (const id of contractsOn(source, places.source.logicalId))
    if (onTarget.has(id)) found.push(`${short(id)} is served by both nodes`);
  return found;
}

function migrated(world: World): string[] {
  return [
    ...contractsOf(world),
    ...hostingAfter(world),
    ...serving(world),
    ...localState(world),
    ...vetting(world),
    ...unsaidParties(world),
    ...unsaidContracts(world),
    ...others(world, ({ isOfSource }) => isOfSource !== true),
  ];
}

/** Every contract that was not ended is on the target, and no other one of these parties. */
function contractsOf({ target, truth, places }: World): string[] {
  const has = new Set(contractsOn(target, places.target.logicalId));
  const lost = [...truth.contracts].filter((id) => !has.has(id) && !truth.purged.has(id));
  const isTheirs = (id: string) =>
    stakeholdersOf(target, id).some((party) => places.parties.includes(party));
  const more = [...has].filter((id) => !truth.contracts.has(id) && isTheirs(id));
  return [
    ...lost.map((id) => `lost: ${short(id)} is not on the target`),
    ...more.map((id) => `${short(id)} should not be on the target`),
  ];
}

function hostingAfter({ source, target, truth, places }: World): string[] {
  const found: string[] = [];
  for (const [party, { hosts, threshold, moved }] of truth.hosting) {
    const name = party.split('::')[0]!;
    const now = hostingOf(target, party, places.target.alias);
    const { [source.uid]: own = '', ...others } = hosts;
    const wanted = places.isLive ? { ...others, [target.uid]: moved ?? own } : { [target.uid]: own };
    const isSeen = !truth.unseen.has(party);
    if (isSeen && text(now.hosts) !== text(wanted))
      found.push(`${name} hosted by ${text(now.hosts)}, expected ${text(wanted)}`);
    if ((isSeen || places.isLive) && now.threshold !== threshold)
      found.push(`threshold of ${name} is ${now.threshold}`);
    if (!places.isLive && isSeen && Object.keys(others).length > 0)
      found.push(`${name} is served by another host on the source synchronizer`);
  }
  return found;
}

/** What happens to a parked source after the last look at it, the watch that follows tells. */
function serving({ source, target, places, truth }: World): string[] {
  const isOn = target.connected().includes(places.target.alias);
  const isParked = places.isLive || truth.isAlarm || !source.connected().includes(places.source.alias);
  return [
    ...(isOn ? [] : ['the target is not connected']),
    ...(isParked ? [] : ['the source is not parked']),
  ];
}

/** What is not the same has at least to be said. */
function localState({ source, target, truth, before, procedure, places }: World): string[] {
  const has = new Map(target.localState().users.map((user) => [user.id, user]));
  const wanted = source.localState().users.filter(({ id }) => id !== 'participant_admin');
  const isSaid = (id: string) => procedure.said.some((line) => line.includes(id));
  const found: string[] = [];
  for (const user of wanted) {
    if (truth.missing.has(user.id) || isSaid(user.id)) continue;
    const own = has.get(user.id);
    const theirs = user.rights.filter((its) => places.parties.some((party) => its.includes(party)));
    if (!own) found.push(`user ${user.id} is not on the target`);
    else if (theirs.some((its) => !own.rights.includes(its)))
      found.push(`user ${user.id} lacks a right on the target`);
    else if (own.rights.some((its) => !user.rights.includes(its) && !isKept(its, truth.kept)))
      found.push(`user ${user.id} has a right on the target that it has not on the source`);
  }
  const known = new Set([
    ...wanted.map(({ id }) => id),
    ...before.target.localState.users.map(({ id }) => id),
  ]);
  for (const id of has.keys())
    if (!known.has(id) && !truth.missing.has(id) && !isSaid(id) && !isKept(id, truth.kept))
      found.push(`user ${id} is on the target and not on the source`);
  return found;
}

function isKept(id: string, kept: World['truth']['kept']): boolean {
  return kept.some(({ what }) => id.includes('::') || what.includes(id));
}

function vetting({ source, target, truth, places }: World): string[] {
  const has = new Set(target.vetted(places.target.alias));
  const lacking = source
    .vetted(places.source.alias)
    .filter((id) => !has.has(id) && !truth.missing.has(id));
  return lacking.map((id) => `package ${short(id)} is vetted on the source and not on the target`);
}

/** A party that stays behind has to be named to whoever stops the source. */
function unsaidParties({ truth, procedure, target, places }: World): string[] {
  const told = [
    ...procedure.said,
    ...leftToDo(procedure.plan, procedure.live).map(({ what, why }) => `${what} ${why}`),
  ].join();
  return truth.newParties
    .filter((party) => !told.includes(party) && !told.includes(party.split('::')[0]!))
    .filter((party) => !target.hosts(party, places.target.alias).includes(target.uid))
    .map((party) => `${party.split('::')[0]!} is only on the source, and nobody says so`);
}

/** On their way to another synchronizer, or there, they are known to the source alone, which is to be stopped. */
function unsaidContracts({ truth, procedure, target }: World): string[] {
  const { ledger } = target.ledger;
  const known = ledger.incomplete(ledger.end).map(({ slot }) => ledger.contractId(slot));
  const isSaid = procedure.said.some((line) => /reassign/.test(line));
  return [...truth.away]
    .filter((id) => !isSaid && !known.includes(id))
    .map((id) => `${short(id)} left the synchronizer since the plan, and nobody says so`);
}

function aborted(world: World): string[] {
  const { source, target, truth, places } = world;
  const has = new Set(contractsOn(source, places.source.logicalId));
  const onTarget = new Set(contractsOn(target, places.target.logicalId));
  const lost = [...truth.contracts].filter(
    (id) => !has.has(id) && !truth.purged.has(id) && !onTarget.has(id),
  );
  const again = [...truth.ended, ...truth.away].filter((id) => has.has(id));
  const left = places.isLive ? [] : [...onTarget].filter((id) => has.has(id) && isParkedBefore(world));
  const hosting = [...truth.hosting].flatMap(([party, { hosts }]) => {
    const now = hostingOf(source, party, places.source.alias).hosts;
    return text(now) === text(hosts)
      ? []
      : [`${party.split('::')[0]!} hosted by ${text(now)} after the abort`];
  });
  return [
    ...lost.map((id) => `lost by the abort: ${short(id)}`),
    ...again.map((id) => `${short(id)} was used on the target, and the source has it again`),
    ...left.map((id) => `${short(id)} is still on the target`),
    ...hosting,
    ...asBefore(world),
    ...others(world),
  ];
}

/** A target that serves the contracts of an earlier migration keeps them. */
function isParkedBefore({ route }: World): boolean {
  return route !== 'return';
}

/** The source serves again, and the target is connected, as before. */
function asBefore({ source, target, before, truth }: World): string[] {
  const found: string[] = [];
  for (const { alias, isConnected } of before.source.connections)
    if (isConnected && !source.connected().includes(alias) && !truth.disconnected.has(`source ${alias}`))
      found.push(`the source is not connected to ${alias} any more`);
  for (const { alias, isConnected } of before.target.connections)
    if (isConnected && !target.connected().includes(alias) && !truth.disconnected.has(`target ${alias}`))
      found.push(`the target is not connected to ${alias} any more`);
  const users = target.localState().users.map(({ id }) => id);
  for (const { id } of before.target.localState.users)
    if (!users.includes(id) && !truth.missing.has(id)) found.push(`user ${id} of the target is gone`);
  const vetted = source.vetted(before.source.connections[0]!.alias).length;
  return vetted === 0 ? [...found, 'the source has nothing vetted any more'] : found;
}

function others({ truth }: World, isMeant: (kept: Kept) => boolean = () => true): string[] {
  const gone = truth.kept.filter(isMeant).filter(({ holds }) => !holds());
  return gone.map(({ what }) => `others' is gone: ${what}`);
}

function reported(failures: Ended['failures']): string[] {
  const last = failures.at(-1);
  if (!last) return ['stopped without a failure'];
  const { type, message } = last;
  return Object.hasOwn(CURES, type) || message.length > 0 ? [] : [`${type} has no cure`];
}

function lastOf(failures: Ended['failures']): string {
  const last = failures.at(-1);
  return last ? `${last.type}: ${last.message.slice(0, 160)}` : '';
}

function text(hosts: Readonly<Record<string, string>>): string {
  const each = Object.entries(hosts).map(
    ([uid, permission]) =>
      `${uid.split('::')[0]!} ${permission.replace('PARTICIPANT_PERMISSION_', '').toLowerCase()}`,
  );
  return each.sort().join(' and ') || 'nobody';
}

function short(id: string): string {
  return id.slice(0, 12);
}
