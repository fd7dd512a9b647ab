import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILTIN_PACKAGES, PING_DAR_NAME, PING_PACKAGE_ID } from './builtin-packages.js';
import { readDar, type DarPackage } from './dar.js';
import type { Journal } from './node.js';
import type { VettingRequest } from './vetting-checks.js';

/** A package in the store. */
export interface StoredPackage extends DarPackage {
  readonly uploadedAtMicros: number;
}

/** A DAR in the store. */
export interface StoredDar {
  /** Main package id. */
  readonly main: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The main package first. */
  readonly packages: readonly string[];
}

/** What befell a DAR. */
export type PackageChange =
  | {
      readonly kind: 'add';
      readonly main: string;
      readonly description: string;
      readonly atMicros: number;
    }
  | { readonly kind: 'remove'; readonly main: string };

const KIND = 'dar';

/** The DARs and packages of one participant; the bytes live as files beside the journal. */
export class PackageStore {
  private readonly darsById = new Map<string, StoredDar>();
  private readonly packagesById = new Map<string, StoredPackage>();

  /** @param now the present, in microseconds since 1970. */
  constructor(
    private readonly journal: Journal,
    private readonly now: () => number,
  ) {
    mkdirSync(join(journal.folder, 'dars'), { recursive: true });
    const start = this.startTime();
    for (const builtin of BUILTIN_PACKAGES) {
      const unread = { strings: [], modules: [], uploadedAtMicros: start };
      this.packagesById.set(builtin.packageId, { ...builtin, ...unread });
    }
    this.darsById.set(PING_PACKAGE_ID, {
      main: PING_PACKAGE_ID,
      name: PING_DAR_NAME,
      version: '3.4.0',
      description: 'System package',
      packages: BUILTIN_PACKAGES.map((one) => one.packageId),
    });
    for (const change of journal.replay(KIND)) this.apply(change);
  }

  /** All DARs, the builtin one first, then in order of upload. */
  dars(): StoredDar[] {
    return [...this.darsById.values()];
  }

  dar(main: string): StoredDar | undefined {
    return this.darsById.get(main);
  }

  /** All packages, the builtin ones first. */
  packages(): StoredPackage[] {
    return [...this.packagesById.values()];
  }

  package(id: string): StoredPackage | undefined {
    return this.packagesById.get(id);
  }

  /** What the checks of vetting ask, of `more` as well as if they were stored. */
  forVetting(more: readonly DarPackage[] = []): Pick<VettingRequest, 'known' | 'contentsOf'> {
    const known = new Map(this.packagesById);
    for (const one of more)
      if (!known.has(one.packageId)) known.set(one.packageId, { ...one, uploadedAtMicros: 0 });
    return { known, contentsOf: (id) => this.darsById.get(id)?.packages ?? [] };
  }

  packageIds(): ReadonlySet<string> {
    return new Set(this.packagesById.keys());
  }

  /** Bytes of an uploaded DAR, as uploaded. The builtin one has a stand-in. */
  bytes(main: string): Buffer {
    return main === PING_PACKAGE_ID ? Buffer.from('PK builtin') : readFileSync(this.path(main));
  }

  /** Adds a DAR; one that is there already stays as it is, description included. */
  add(bytes: Uint8Array, description: string): string {
    const { main } = readDar(bytes);
    if (this.darsById.has(main.packageId)) return main.packageId;
    writeFileSync(this.path(main.packageId), bytes);
    this.change({ kind: 'add', main: main.packageId, description, atMicros: this.now() });
    return main.packageId;
  }

  /** Removes a DAR and those of its packages that no other DAR needs. */
  remove(main: string): void {
    this.change({ kind: 'remove', main });
    rmSync(this.path(main), { force: true });
  }

  /** Highest version in the store of the packages with this name. */
  newest(name: string): StoredPackage | undefined {
    return this.packages()
      .filter((one) => one.name === name)
      .sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }))
      .at(-1);
  }

  private change(change: PackageChange): void {
    this.journal.append(KIND, change);
    this.apply(change);
  }

  private apply(change: PackageChange): void {
    if (change.kind === 'remove') {
      const removed = this.darsById.get(change.main);
      this.darsById.delete(change.main);
      const needed = new Set(this.dars().flatMap((one) => one.packages));
      for (const id of removed?.packages ?? []) if (!needed.has(id)) this.packagesById.delete(id);
      return;
    }
    // A removal later in the journal has deleted the bytes; replaying it needs no contents.
    if (!existsSync(this.path(change.main))) return;
    const { main, packages } = readDar(readFileSync(this.path(change.main)));
    for (const one of packages) {
      if (this.packagesById.has(one.packageId)) continue;
      this.packagesById.set(one.packageId, { ...one, uploadedAtMicros: change.atMicros });
    }
    this.darsById.set(main.packageId, {
      main: main.packageId,
      name: main.name,
      version: main.version,
      description: change.description,
      packages: packages.map((one) => one.packageId),
    });
  }

  private startTime(): number {
    for (const record of this.journal.replay('package-store')) return record;
    const now = this.now();
    this.journal.append('package-store', now);
    return now;
  }

  private path(main: string): string {
    return join(this.journal.folder, 'dars', `${main}.dar`);
  }
}
