import { log } from '@temporalio/activity';

import { counted, listed } from '../../model/count.js';
import type { StoredPackage } from '../../model/participant.js';
import type { Finding, MigrationPlan, PlannedDar } from '../../model/plan.js';
import { combineDars } from '../../canton/dars.js';
import { causeOf, isRefusal, isRefused, vettingRefusal } from '../../canton/refusals.js';
import { idsOf, namesOf } from '../packages/package-names.js';
import { progress } from '../attempt/progress.js';
import { when } from './finding.js';
import { protocolVersionOf } from '../../model/physical-id.js';
import type { PlanningParticipants } from './nodes.js';

/** Packages of the SDK, which no other version upgrades: every DAR has some of them. */
const OF_THE_SDK = /^(daml-prim|daml-stdlib|ghc-stdlib)/;

/** From this protocol version on a package may be vetted without what it depends on. Source: admin-api 5.6. */
const FREE_DEPENDENCIES = 35;

const NAMED = 10;

/** A DAR that the migration vets something of. */
interface ConcernedDar {
  dar: PlannedDar;
  /** Of its packages, those that it vets. */
  added: StoredPackage[];
  /** Those that it depends on and that nobody vets. */
  unvetted: StoredPackage[];
}

type Nodes = Pick<PlanningParticipants, 'source' | 'target'>;
type Planned = Pick<MigrationPlan, 'dars' | 'vetting' | 'source' | 'target'>;

/**
 * Has the target try, without storing or vetting anything, whether it would vet what the migration is to vet: an old
 * version may be no valid upgrade, which a node that vetted it long ago never checked. Every DAR is tried alone, and
 * with those that have a neighbouring version of one of its packages: only such two can be incompatible.
 */
export async function tryVetting(nodes: Nodes, plan: Planned) {
  const concerned = await findConcerned(nodes, plan);
  const onTarget = plan.target.connections.find(({ alias }) => alias === plan.target.synchronizer.alias);
  const isConnected = onTarget?.isConnected === true;
  const refused: string[] = [];
  const untried: string[] = [];
  const accepted: ConcernedDar[] = [];
  for (const its of concerned) {
    const name = `${its.dar.name} ${its.dar.version} (${its.dar.mainPackageId})`;
    progress({ reading: `whether ${plan.target.name} would vet ${its.dar.name} ${its.dar.version}` });
    const outcome = isConnected ? await tryOne(nodes, plan, { its, accepted }) : 'not tried';
    if (outcome === 'not tried') untried.push(name);
    else if (outcome === 'accepted') accepted.push(its);
    else refused.push(`${name}: ${outcome.refused}`);
  }
  return { obstacles: refusals(plan, refused), warnings: findVettingWarnings(plan, untried) };
}

function refusals({ source, target }: Planned, refused: string[]): Finding[] {
  return when(refused.length > 0, {
    type: 'VettingWouldFail',
    what: `${target.name} would refuse to vet what ${source.name} has vetted of ${counted(refused.length, 'DAR')}: ${listed(refused, NAMED)}`,
    cure: 'of two packages that do not fit, name the one that no contract needs in options.leaveBehind as packages/<id>; or unvet it on the source; or vet both on the target by force before the migration (console: topology.vetted_packages.propose_delta with force AllowVetIncompatibleUpgrades)',
  });
}

function findVettingWarnings({ target }: Planned, untried: string[]): Finding[] {
  return when(untried.length > 0, {
    type: 'VettingNotTried',
    what: `whether ${target.name} vets ${counted(untried.length, 'DAR')} could not be tried on ${target.synchronizer.alias}, to which it has to be connected for that: ${listed(untried)}`,
    cure: 'compare the versions of these packages with what the target has vetted; a refusal stops the step that vets them with VettingRefused, which says how to go on',
  });
}

/** By name and version, so that of two that do not fit the older one is taken. */
async function findConcerned(
  { source }: Nodes,
  { dars, vetting, target }: Planned,
): Promise<ConcernedDar[]> {
  const [added, former] = [idsOf(vetting.add), idsOf(vetting.former)];
  const isFree = protocolVersionOf(target.synchronizer) >= FREE_DEPENDENCIES;
  const concerned: ConcernedDar[] = [];
  if (added.size === 0) return concerned;
  for (const dar of dars) {
    if (dar.action === 'built-in' || dar.action === 'left') continue;
    const contents = await source.packages.listContents(dar.mainPackageId);
    const ofThis = contents.filter(({ packageId }) => added.has(packageId));
    if (ofThis.length === 0) continue;
    const isWhole = isFree || !added.has(dar.mainPackageId);
    const lacking = contents.filter(({ packageId: id }) => !added.has(id) && !former.has(id));
    concerned.push({ dar, added: ofThis, unvetted: isWhole ? [] : lacking });
  }
  return concerned.sort(
    ({ dar: a }, { dar: b }) => a.name.localeCompare(b.name, 'en') || byVersion(a, b),
  );
}

async function tryOne(
  { source, target }: Nodes,
  plan: Planned,
  { its, accepted }: { its: ConcernedDar; accepted: ConcernedDar[] },
): Promise<Outcome> {
  const { dar, unvetted } = its;
  if (unvetted.length > 0) {
    const names = listed(namesOf(idsOf(unvetted), unvetted));
    return { refused: `it depends on packages that neither node has vetted: ${names}` };
  }
  const { logicalId } = plan.target.synchronizer;
  const validate = (bytes: Uint8Array) =>
    target.packages.validateDar({ name: dar.name, bytes }, logicalId);
  const ours = new Set([...idsOf(plan.vetting.add), ...idsOf(plan.vetting.former)]);
  const bytes = await source.packages.readDar(dar.mainPackageId);
  const alone = outcomeOf(await errorOf(validate(bytes)), ours);
  const neighbours = neighboursOf(its, accepted);
  if (alone !== 'accepted' || neighbours.length === 0) return alone;
  const others = await Promise.all(neighbours.map((id) => source.packages.readDar(id)));
  const combined = combinedOf([bytes, ...others]);
  if (!combined) return 'not tried';
  const together = await errorOf(validate(combined));
  // What else a node has against a DAR that nobody built says nothing about the vetting.
  const isAboutIt = together === undefined || vettingRefusal(together) !== undefined;
  if (!isAboutIt && !isRefused(together)) throw together;
  return isAboutIt ? outcomeOf(together, ours) : 'not tried';
}

/** Nothing if one of them is no DAR that can be taken apart, or too large for it: the participant took it all the same. */
function combinedOf(dars: Uint8Array[]): Uint8Array | undefined {
  try {
    return combineDars(dars);
  } catch (error) {
    log.warn('DARs could not be put together for a trial of the vetting', { error });
    return undefined;
  }
}

type Outcome = 'accepted' | 'not tried' | { refused: string };

async function errorOf(call: Promise<void>): Promise<unknown> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** What a dry run says about the packages that the migration vets: it vets all of a DAR, also what stays unvetted. */
function outcomeOf(error: unknown, ours: ReadonlySet<string>): Outcome {
  if (error === undefined) return 'accepted';
  if (isRefusal(error, 'not connected to the synchronizer')) return 'not tried';
  if (!isRefused(error)) throw error;
  const refused = vettingRefusal(error);
  if (refused === undefined) return { refused: causeOf(error) };
  const named = refused.match(/\b[0-9a-f]{64}\b/g) ?? [];
  return named.every((id) => ours.has(id)) ? { refused } : 'accepted';
}

/** Main packages of the DARs that have the next older or newer version of a package of this one. */
function neighboursOf({ added }: ConcernedDar, accepted: ConcernedDar[]): string[] {
  const found = new Set<string>();
  for (const one of added) {
    if (OF_THE_SDK.test(one.name)) continue;
    const versions = accepted.flatMap(({ dar, added: theirs }) =>
      theirs
        .filter(({ name, packageId }) => name === one.name && packageId !== one.packageId)
        .map(({ version }) => ({ version, main: dar.mainPackageId })),
    );
    versions.sort(byVersion);
    const older = versions.filter((its) => byVersion(its, one) <= 0).at(-1);
    const newer = versions.find((its) => byVersion(its, one) > 0);
    for (const neighbour of [older, newer]) if (neighbour) found.add(neighbour.main);
  }
  return [...found];
}

function byVersion(a: { version: string }, b: { version: string }): number {
  return a.version.localeCompare(b.version, 'en', { numeric: true });
}
