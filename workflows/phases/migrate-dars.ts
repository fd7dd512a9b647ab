import type { HostInput } from '../../activities/hosting/hosting.js';
import type { ByReference } from '../../model/listed.js';
import type { Activities } from '../../activities/index.js';
import { leftPackages, type LatePackages, type LateReading } from '../../model/late-packages.js';
import { keepPackages, type MadeOnTarget } from '../../model/made.js';
import type { TransferRecord } from '../../model/migration.js';
import type { Dar, ImportMode, VettedPackage } from '../../model/participant.js';
import { counted, listed } from '../../model/count.js';
import { isReverse, type MigrationPlan } from '../../model/plan.js';
import type { Explained } from '../../model/report.js';
import { nodesOf } from '../../model/plan-parts.js';

/**
 * Give the target every DAR it lacks, then the source's vetting state: no package becomes usable that was not.
 *
 * Additive; `undo` unvets and removes what was added. Source: admin-api 5.6.
 */
export async function apply(
  plan: MigrationPlan,
  act: Activities,
  record: TransferRecord,
  host?: ByReference<HostInput>,
): Promise<string[]> {
  const changed: string[] = [];
  await keepMissing(plan, act, record, { dars: mainsOf(planned(plan)), vetted: [] });
  for (const dar of planned(plan)) {
    const { isNew } = await act.ensureDar({ ...nodesOf(plan), dar });
    if (isNew) changed.push(uploaded(dar));
  }
  if (!isReverse(plan)) return [...changed, ...(await vet(plan, act, record, host))];
  const later = plan.vetting.add.length;
  return later === 0
    ? changed
    : [
        ...changed,
        `${counted(later, 'package')} to vet after the cut-over: ${plan.target.name} is parked`,
      ];
}

/**
 * The vetting alone, on a target that is connected; one that was parked is so only after the cut-over. A `host`, which
 * does not connect by itself, is kept connected.
 */
export async function vet(
  plan: MigrationPlan,
  act: Activities,
  record: TransferRecord,
  host?: ByReference<HostInput>,
): Promise<string[]> {
  const { late, made } = record;
  const add = toVet(plan, late);
  await keepMissing(plan, act, record, { dars: [], vetted: idsOf(add) });
  const nodes = { ...nodesOf(plan), ...(host && { host }) };
  const its = await act.ensureVetting({ ...nodes, add, own: made.vetted });
  const { added: vetted, revalidated, unknown } = its;
  // What others vetted on the target stays vetted there.
  const remove = (late?.unvetted ?? []).filter((id) => made.vetted.includes(id));
  const { removed } =
    remove.length > 0 ? await act.withdrawVetting({ ...nodes, remove }) : { removed: 0 };
  return [
    ...(vetted > 0 ? [`${counted(vetted, 'package')} vetted`] : []),
    ...(revalidated > 0
      ? [
          `${counted(revalidated, 'package')} vetted with another validity period, as on ${plan.source.name} now`,
        ]
      : []),
    ...(removed > 0
      ? [`${counted(removed, 'package')} unvetted, as on ${plan.source.name} since the plan`]
      : []),
    ...(unknown.length > 0
      ? [
          `${counted(unknown.length, 'package')} left unvetted, which ${plan.target.name} does not have: ${listed(unknown)}`,
        ]
      : []),
  ];
}

/** Records what of this the migration is about to make: what the target has already is not its own. */
async function keepMissing(
  plan: MigrationPlan,
  act: Activities,
  { made }: TransferRecord,
  wanted: Pick<MadeOnTarget, 'dars' | 'vetted'>,
): Promise<void> {
  const { target, synchronizerId } = nodesOf(plan);
  if (wanted.dars.length + wanted.vetted.length === 0) return;
  keepPackages(made, await act.findMissingPackages({ target, synchronizerId, ...wanted }));
}

/** What the target has to have vetted of the source's packages in the end. */
export function toVet(plan: MigrationPlan, late?: LatePackages): VettedPackage[] {
  const unvetted = new Set(late?.unvetted);
  const all = new Map(
    [...plan.vetting.add, ...(late?.vetting ?? [])].map((its) => [its.packageId, its]),
  );
  return [...all.values()].filter((its) => !unvetted.has(its.packageId));
}

/**
 * Read what became of the source's packages since the plan, and give the target the DARs that came. It may be
 * disconnected: they are vetted by {@link vet} once it is connected. What was found stays in `record`.
 *
 * Returns an offset of the source up to which every contract has its package on the target now.
 */
export async function uploadLate(
  plan: MigrationPlan,
  act: Activities,
  record: TransferRecord,
  { isSourceRemoved = false } = {},
): Promise<Pick<LateReading, 'missing' | 'ledgerEnd'>> {
  const { missing, ledgerEnd, dars, ...read } = await act.readLatePackages({
    ...nodesOf(plan),
    sourceSynchronizerId: plan.source.synchronizer.logicalId,
    planned: plan.vetting.add,
    former: idsOf(plan.vetting.former),
    copied: record.made.vetted,
    left: leftPackages(plan.request),
  });
  const { dars: known, unvetted } = record.late ?? nothing();
  const came = dars.filter((dar) => !known.some((its) => its.mainPackageId === dar.mainPackageId));
  // Recorded before the first upload, so that an abort takes back all of it.
  keepPackages(record.made, { dars: mainsOf(dars), vetted: [] });
  // What a source unvets that was removed, as whoever stops it for good may do, is nothing to a target that serves.
  const kept = isSourceRemoved ? { unvetted } : {};
  record.late = { ...nothing(), ...read, ...kept, dars: [...known, ...came] };
  const late = `which was added on ${plan.source.name} after the plan`;
  note(
    record,
    came.map((dar) => `${uploaded(dar)}, ${late}`),
  );
  for (const dar of dars) await act.ensureDar({ ...nodesOf(plan), dar });
  return { missing, ledgerEnd };
}

/**
 * How the target imports what is copied next: as planned, unless packages came or were vetted since the plan, whose
 * contracts nothing but a validation checks against them.
 */
export function importModeOf({ imports }: MigrationPlan, { late }: TransferRecord): ImportMode {
  const isLate = late !== undefined && late.dars.length + late.vetting.length > 0;
  return imports?.mode === 'accept' && !isLate ? 'accept' : 'validation';
}

/** In what the imports differ from the plan. */
export function importsOtherwise(plan: MigrationPlan, record: TransferRecord): string[] {
  if (plan.imports?.mode !== 'accept' || importModeOf(plan, record) === 'accept') return [];
  return [
    'what was imported since packages came or were vetted after the plan: in mode VALIDATION, not ACCEPT as planned',
  ];
}

/** The same on the live route, where the target can be connected: what came is vetted at once, what was unvetted unvetted. */
export async function bringLate(
  plan: MigrationPlan,
  act: Activities,
  record: TransferRecord,
  host: ByReference<HostInput>,
): Promise<void> {
  const { missing } = await uploadLate(plan, act, record);
  if (missing.length + record.late!.unvetted.length === 0) return;
  await act.ensureConnected(host);
  note(record, await vet(plan, act, record, host));
}

/** The same once the source was removed as host: what came until then. */
export async function bringLast(
  plan: MigrationPlan,
  act: Activities,
  record: TransferRecord,
  host: ByReference<HostInput>,
): Promise<void> {
  const { missing } = await uploadLate(plan, act, record, { isSourceRemoved: true });
  if (missing.length > 0) note(record, await vet(plan, act, record, host));
}

/** What was done about packages since the last step that told of it: a step that fails leaves it to its next attempt. */
export function takeNoted(record: TransferRecord): string[] {
  const { packageChanges = [] } = record;
  delete record.packageChanges;
  return packageChanges;
}

function note(record: TransferRecord, changes: string[]): void {
  if (changes.length > 0) record.packageChanges = [...(record.packageChanges ?? []), ...changes];
}

function uploaded({ name, version }: Dar): string {
  return `DAR ${name} ${version} uploaded`;
}

/**
 * Unvet before removing: a vetted DAR cannot be removed. The target has to be connected, unless it was parked before.
 *
 * Only what the migration made is taken back. Looks first which packages contracts of the target use by now, and which
 * belong to DARs that others vetted there. These stay vetted, and their DARs stay: unvetted, their contracts could not
 * even be archived.
 */
export async function undo(
  plan: MigrationPlan,
  act: Activities,
  record: TransferRecord,
  host?: ByReference<HostInput>,
): Promise<string[]> {
  const changed: string[] = [];
  const { vetted } = record.made;
  const dars = uploadedBy(plan, record);
  const nodes = nodesOf(plan);
  const { target, synchronizerId } = nodes;
  const packageIds = [...new Set([...vetted, ...mainsOf(dars)])];
  const { inUse, keep, neededBy } = await act.readPackagesInUse({
    target,
    synchronizerId,
    packageIds,
    vetted,
  });
  record.late = { ...nothing(), ...record.late, inUse, neededBy };

  const remove = vetted.filter((id) => !keep.includes(id));
  if (remove.length > 0) {
    const { removed } = await act.withdrawVetting({ ...nodes, ...(host && { host }), remove });
    if (removed > 0) changed.push(`${counted(removed, 'package')} unvetted`);
  }
  for (const dar of dars) {
    if (keep.includes(dar.mainPackageId)) continue;
    const { isNew, kept } = await act.removeDar({ target, dar });
    if (isNew) changed.push(`DAR ${dar.name} ${dar.version} removed`);
    if (kept !== undefined) changed.push(`DAR ${dar.name} ${dar.version} left: ${kept}`);
  }
  return [...changed, ...(await broughtByOthers(plan, act, record))];
}

/** DARs that were to be uploaded, and that others had brought to the target before. */
async function broughtByOthers(plan: MigrationPlan, act: Activities, { made }: TransferRecord) {
  const others = planned(plan).filter(({ mainPackageId }) => !made.dars.includes(mainPackageId));
  if (others.length === 0) return [];
  const { target, synchronizerId } = nodesOf(plan);
  const wanted = { target, synchronizerId, dars: mainsOf(others), vetted: [] };
  const { dars: absent } = await act.findMissingPackages(wanted);
  return others
    .filter(({ mainPackageId }) => !absent.includes(mainPackageId))
    .map(({ name, version }) => `DAR ${name} ${version} left: others uploaded it to ${target.name}`);
}

/** What stays after an abort, and why. */
export function remains(plan: MigrationPlan, record: TransferRecord): Explained[] {
  const { name: target } = plan.target;
  const left = (record.late?.inUse ?? []).map(({ what, contractCount, contractIds }) => ({
    what: `package ${what} on ${target}, its DAR and what it depends on${isReverse(plan) ? '' : ', vetted as the migration left them'}`,
    why:
      `${counted(contractCount, 'contract')} of ${target} ${contractCount === 1 ? 'uses' : 'use'} it, such as ${listed(contractIds, 3)}. ` +
      `Archive them, or purge them (console: repair.purge), for which ${target} is disconnected for a moment; then unvet and remove the DAR (dars.vetting.disable, dars.remove)`,
  }));
  const neededBy = record.late?.neededBy ?? [];
  if (neededBy.length > 0) {
    left.push({
      what: `what DARs that others vetted on ${target} depend on, uploaded or vetted by the migration`,
      why: `without it ${listed(neededBy)} could not be used there`,
    });
  }
  if (uploadedBy(plan, record).length === 0) return left;
  return [
    ...left,
    {
      what: `packages that the removed DARs depend on, in the package store of ${target}`,
      why: 'removing a DAR leaves them; they are not vetted, so nothing can use them',
    },
  ];
}

function planned(plan: MigrationPlan): Dar[] {
  return plan.dars.filter(({ action }) => action === 'upload');
}

/** Every DAR that the migration uploads; one that the target had before is not its own. */
export function uploadedBy(plan: MigrationPlan, { late, made }: TransferRecord): Dar[] {
  const all = new Map<string, Dar>();
  for (const dar of [...planned(plan), ...(late?.dars ?? [])]) all.set(dar.mainPackageId, dar);
  return [...all.values()].filter(({ mainPackageId }) => made.dars.includes(mainPackageId));
}

function mainsOf(dars: Dar[]): string[] {
  return dars.map(({ mainPackageId }) => mainPackageId);
}

function idsOf(packages: { packageId: string }[]): string[] {
  return packages.map(({ packageId }) => packageId);
}

function nothing(): LatePackages {
  return { dars: [], vetting: [], unvetted: [], inUse: [], neededBy: [] };
}
