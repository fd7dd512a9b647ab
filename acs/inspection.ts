import { firstOf, listed } from '../model/count.js';
import { ContractIdSet } from './contract-id-set.js';
import { AcsError } from './errors.js';
import type { ContractRecord } from './record.js';

const NAMED_CONTRACTS = 20;
const NAMED_PACKAGES = 20;
/** Are told apart; whoever sends more has none of them. */
const COUNTED_PACKAGES = 1_000;
/** Characters of each; ids have some hundred. */
const NAME_LENGTH = 600;

/** What is wrong with a record, in the order it is reported, and what was expected instead. */
const FLAWS = {
  ContractWithoutEvent: 'no created event, which a contract under reassignment leaves behind',
  ContractWithoutBlob: 'no created event blob',
  ContractOnOtherSynchronizer: 'a synchronizer other than expected',
  ContractReassigned: 'a reassignment counter above 0',
  ContractPackageMissing: 'a package the target does not have',
  ContractShared: 'a stakeholder that does not move',
  ContractDuplicated: 'a contract id that came before',
} as const;

type Flaw = keyof typeof FLAWS;

/** What an importable record has. */
export interface ImportRules {
  targetSynchronizerId: string;
  /**
   * Uploaded at the target: the very package that the source reads the contract with has to be among them. With another
   * one the target would refuse it in mode ACCEPT, and have a different contract in mode VALIDATION. Source: admin-api 2.4.
   */
  packageIds: ReadonlySet<string>;
  /** Versions by package id, as far as they are known: only to name a package that is missing. */
  packageVersions: ReadonlyMap<string, string>;
  /** If given, every stakeholder of a contract has to be among them. */
  onlyParties?: ReadonlySet<string> | undefined;
}

/** Collects what is wrong with records, so that one refusal names all of it. */
export class Inspection {
  private readonly found = new Map<Flaw, { total: number; named: string[] }>();
  /** What an operator knows the missing packages by. */
  private readonly missingPackages = new Set<string>();
  private readonly recentIds = new ContractIdSet();

  get isClean(): boolean {
    return this.found.size === 0;
  }

  /**
   * Check what would make the target refuse the record and, with it, all others of the same call.
   *
   * A contract id that comes twice is recognised among recent ones (the set is dropped by `forgetIds`, to keep
   * memory flat). Twice in other import calls, the importer skips the second: the target's count and digest then
   * differ from the source's. Source: admin-api 2.2, 2.3 and 2.6.
   */
  checkImport(record: ContractRecord, rules: ImportRules): void {
    if (!this.checkEvent(record)) return;
    if (!record.hasBlob) this.note('ContractWithoutBlob', record.contractId);
    if (record.reassignmentCounter !== 0) this.note('ContractReassigned', record.contractId);
    this.checkPackage(record, rules);
    if (!isWithin(record, rules.onlyParties)) this.note('ContractShared', record.contractId);
    this.checkSynchronizer(record, rules.targetSynchronizerId);
    if (!this.recentIds.add(record)) this.note('ContractDuplicated', record.contractId);
  }

  /** Check that the record holds a contract at all; without an event it has no id to be told apart by. */
  checkEvent(record: ContractRecord): boolean {
    if (record.hasEvent && record.contractIdSpan.end > record.contractIdSpan.start) return true;
    this.note('ContractWithoutEvent', `record ${record.number}`);
    return false;
  }

  private checkPackage(record: ContractRecord, { packageIds, packageVersions }: ImportRules): void {
    const { templatePackageId, packageNameText, contractId } = record;
    const packageId = record.representativePackageId || templatePackageId;
    if (packageIds.has(packageId)) return;
    const version = packageVersions.get(packageId) ?? 'of unknown version';
    if (this.missingPackages.size < COUNTED_PACKAGES)
      this.missingPackages.add(cut(`${packageNameText} ${version} (${packageId})`));
    this.note('ContractPackageMissing', contractId);
  }

  checkSynchronizer(record: ContractRecord, expected: string): void {
    if (record.synchronizerId === expected) return;
    this.note(
      'ContractOnOtherSynchronizer',
      `${record.contractId} on ${record.synchronizerId}, not ${expected}`,
    );
  }

  forgetIds(): void {
    this.recentIds.clear();
  }

  /** Fails with the first flaw found, in the order above, naming up to 20 contracts and counting the others. */
  finish(): void {
    const flaws = (Object.keys(FLAWS) as Flaw[]).filter((flaw) => this.found.has(flaw));
    const [first] = flaws;
    if (first) throw new AcsError('refused', first, flaws.map((flaw) => this.describe(flaw)).join('; '));
  }

  private note(flaw: Flaw, contract: string): void {
    const noted = this.found.get(flaw) ?? { total: 0, named: [] };
    noted.total++;
    if (noted.named.length < NAMED_CONTRACTS) noted.named.push(cut(contract));
    this.found.set(flaw, noted);
  }

  private describe(flaw: Flaw): string {
    const { total, named } = this.found.get(flaw) ?? { total: 0, named: [] };
    const packages = flaw === 'ContractPackageMissing' ? `, ${this.describePackages()}` : '';
    return `export has ${total} with ${FLAWS[flaw]}${packages}: ${firstOf(named, total)}`;
  }

  private describePackages(): string {
    return listed([...this.missingPackages].sort(), NAMED_PACKAGES);
  }
}

function cut(text: string): string {
  return text.length <= NAME_LENGTH ? text : `${text.slice(0, NAME_LENGTH)}...`;
}

function isWithin(
  { signatories, observers }: ContractRecord,
  parties: ReadonlySet<string> | undefined,
): boolean {
  return (
    !parties ||
    (signatories.every((its) => parties.has(its)) && observers.every((its) => parties.has(its)))
  );
}
