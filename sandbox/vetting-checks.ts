import { CantonRefusal, shortenIds } from './errors.js';
import type { StoredPackage } from './package-store.js';
import { topologyRefusal, type StoreName } from './topology/refusals.js';

/** From this protocol version on a package may be vetted without what it depends on. Source: admin-api 5.6. */
const FREE_DEPENDENCIES = 35;

/** Without a serializable type: no other package upgrades one of these. */
const UTILITY = /^(daml-prim|daml-stdlib|ghc-stdlib)/;

/** What a node checks of the packages that it is to vet, beside who it is. */
export interface VettingRequest {
  readonly vetted: ReadonlySet<string>;
  readonly next: ReadonlySet<string>;
  /** Of the package store, and in a dry run those of the DAR. */
  readonly known: ReadonlyMap<string, StoredPackage>;
  /** Of a main package in `known`: all of its DAR. */
  readonly contentsOf: (packageId: string) => readonly string[];
  readonly forces: ReadonlySet<string>;
}

/** Refuses what a node does not vet unless forced. Source: admin-api 1.12. */
export function checkVetting(store: StoreName, request: VettingRequest): void {
  const { vetted, next, known, forces } = request;
  const added = [...next].filter((id) => !vetted.has(id));
  const missing = added.filter((id) => !known.has(id));
  if (missing.length > 0 && !forces.has('FORCE_FLAG_ALLOW_UNKNOWN_PACKAGE')) {
    const cause = `Package vetting failed due to packages not existing on the local node: ${missing.join(', ')}`;
    const metadata = { packages: `List(${missing.join(', ')})` };
    throw topologyRefusal(store, 'CANNOT_VET_DUE_TO_MISSING_PACKAGES', 11, cause, metadata);
  }
  checkDependencies(store, request, added);
  if (!forces.has('FORCE_FLAG_ALLOW_VET_INCOMPATIBLE_UPGRADES')) checkUpgrades(store, request, added);
}

function checkDependencies(
  store: StoreName,
  { vetted, next, contentsOf, forces }: VettingRequest,
  added: string[],
): void {
  const version = Number(/::(\d+)-\d+$/.exec(store.psid ?? '')?.[1] ?? FREE_DEPENDENCIES);
  if (version >= FREE_DEPENDENCIES || forces.has('FORCE_FLAG_ALLOW_UNVETTED_DEPENDENCIES')) return;
  const removed = [...vetted].filter((id) => !next.has(id));
  const needed = added.flatMap((id) => contentsOf(id)).filter((id) => !next.has(id));
  const taken = [...next].flatMap((id) => contentsOf(id)).filter((id) => removed.includes(id));
  const unvetted = [...new Set([...needed, ...taken])];
  if (unvetted.length === 0) return;
  const cause = 'Package vetting failed due to dependencies not being vetted';
  const metadata = { unvetted: `Set(${unvetted.join(', ')})` };
  throw topologyRefusal(store, 'DEPENDENCIES_NOT_VETTED', 9, cause, metadata);
}

/** Of each name that is concerned, every version has to be an upgrade of the one before. */
function checkUpgrades(store: StoreName, { next, known }: VettingRequest, added: string[]): void {
  const names = new Set(added.map((id) => known.get(id)?.name));
  const lineages = new Map<string, StoredPackage[]>();
  for (const id of next) {
    const one = known.get(id);
    if (!one || !names.has(one.name) || UTILITY.test(one.name)) continue;
    lineages.set(one.name, [...(lineages.get(one.name) ?? []), one]);
  }
  for (const lineage of lineages.values()) {
    lineage.sort((a, b) => byVersion(a, b) || (a.packageId < b.packageId ? -1 : 1));
    const pairs = lineage.slice(1).map((newer, at) => [lineage[at]!, newer] as const);
    for (const pair of pairs) checkVersions(store, ...pair);
    for (const pair of pairs) checkModules(store, ...pair);
  }
}

function byVersion(a: StoredPackage, b: StoredPackage): number {
  return a.version.localeCompare(b.version, 'en', { numeric: true });
}

function checkVersions(store: StoreName, first: StoredPackage, second: StoredPackage): void {
  if (byVersion(first, second) !== 0) return;
  const [firstPackage, secondPackage] = [described(first), described(second)];
  throw refusal(store, 'KNOWN_PACKAGE_VERSION', {
    cause: `Tried to vet two packages with the same name and version: ${firstPackage} and ${secondPackage}.`,
    metadata: { firstPackage, secondPackage },
  });
}

/** Of a type check the one thing that shows in a package as the sandbox reads it. */
function checkModules(store: StoreName, older: StoredPackage, newer: StoredPackage): void {
  const gone = older.modules.find((name) => !newer.modules.includes(name));
  if (gone === undefined) return;
  const upgradeError = `Module ${gone} appears in package that is being upgraded, but does not appear in the upgrading package.`;
  const [oldPackage, newPackage] = [described(older), described(newer)];
  throw refusal(store, 'NOT_VALID_UPGRADE_PACKAGE', {
    cause: `Upgrade checks indicate that ${newPackage} cannot be an upgrade of ${oldPackage}. Reason: ${upgradeError}`,
    metadata: { oldPackage, newPackage, upgradeError },
  });
}

function described({ packageId, name, version }: StoredPackage): string {
  return `${packageId} (${name} v${version})`;
}

function refusal(
  { psid }: StoreName,
  id: string,
  { cause, metadata }: { cause: string; metadata: Record<string, string> },
): CantonRefusal {
  const all = { ...metadata, ...(psid !== undefined && { psid: shortenIds(psid) }) };
  return new CantonRefusal({ id, category: 8, cause, metadata: all });
}
