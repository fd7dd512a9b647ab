import type { Dar, VettedPackage } from './participant.js';
import type { MigrationRequest } from './request.js';

/** DARs with such a name come with the node and are never copied. Source: admin-api 1.12. */
export const BUILT_IN_DARS = 'canton-builtin-';

/** In what the source's packages differ from those of the plan. */
export interface LateReading {
  /** Of the source, before its packages were read. Decimal int64. */
  ledgerEnd: string;
  /** DARs that the source has and the target lacks. */
  dars: Dar[];
  /** Vetted on the source since the plan, or for another time than in the plan. */
  vetting: VettedPackage[];
  /** Ids of packages that the plan vets on the target, or the migration did, and that the source has unvetted since. */
  unvetted: string[];
  /** Ids of those in `vetting`, or that the migration vetted, that the source has vetted and the target has not, or for another time. */
  missing: string[];
}

/** The same as it was read last, and what the migration did about it: an abort takes that back. */
export interface LatePackages extends Omit<LateReading, 'missing' | 'ledgerEnd'> {
  /** Every DAR that was to be uploaded after the plan's. */
  dars: Dar[];
  /** Of an abort: what could not be taken back, because contracts on the target use it. */
  inUse: PackageInUse[];
  /** Of an abort: DARs that others vetted on the target, and that need what the migration made. */
  neededBy: string[];
}

/** A package that active contracts use. */
export interface PackageInUse {
  /** `name version (package id)`. */
  what: string;
  contractCount: number;
  /** The first of them. */
  contractIds: string[];
}

const LEFT = 'packages/';

/** Ids of the packages that a request leaves behind. */
export function leftPackages({ options }: Pick<MigrationRequest, 'options'>): string[] {
  const left = options?.leaveBehind ?? [];
  return left.filter((its) => its.startsWith(LEFT)).map((its) => its.slice(LEFT.length));
}
