import type { StoredPackage } from '../../model/participant.js';

/** The package ids among things that have one. */
export function idsOf(packages: readonly { packageId: string }[]): Set<string> {
  return new Set(packages.map(({ packageId }) => packageId));
}

/** What operators know packages by: `name version (package id)`, in order; the id alone where `known` has none. */
export function namesOf(packageIds: Iterable<string>, known: readonly StoredPackage[]): string[] {
  const byId = new Map(known.map((its) => [its.packageId, its]));
  return [...packageIds]
    .map((id) => {
      const found = byId.get(id);
      return found ? `${found.name} ${found.version} (${id})` : id;
    })
    .sort();
}
