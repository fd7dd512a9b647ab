import { deserializationFailure, PlainFailure } from '../errors.js';
import { type Contract, decodeBlob, encodeBlob, isAuthentic } from '../ledger/contract.js';
import { blobOf } from '../ledger/contract-file.js';
import type { Damage } from '../ledger/damage.js';
import type { NewEntry } from '../ledger/entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { PackageStore } from '../package-store.js';
import { DamagedBytes } from '../wire.js';
import type { SnapshotRecord } from './framing.js';
import type { ImportRequest } from './import-request.js';
import { importRefusal, shortContractId } from './refusals.js';

/** Contracts decided together. Source: admin-api 2.3, step 5. */
export const BATCH_SIZE = 1000;

interface Candidate {
  readonly contract: Contract;
  readonly record: SnapshotRecord;
  readonly packageId: string;
}

/** What an import knows of the node and of the call. */
export interface ImportContext {
  readonly ledger: Ledger;
  readonly packages: PackageStore;
  readonly damage: Damage;
  readonly request: ImportRequest;
  readonly recordTimeMicros: number;
  /** `enable-all-ledger-api-reassignments` on this node. */
  readonly allowsReassigned: boolean;
}

/** Decides batch by batch what an import adds; nothing is visible before its entries are committed. */
export class ImportBatches {
  readonly entries: NewEntry[] = [];
  private readonly added = new Set<string>();

  constructor(private readonly context: ImportContext) {}

  /** Takes one batch; returns how many contracts were added and how many were there already. */
  take(batch: readonly SnapshotRecord[]): { added: number; skipped: number } {
    const { request } = this.context;
    const candidates = batch
      .map((record) => this.candidate(record))
      .filter(({ contract }) => !isExcluded(contract, request.excludedStakeholders));
    this.checkCounters(candidates);
    const own = candidates.filter(({ record }) => record.synchronizerId === request.synchronizerId);
    if (request.mode === 'VALIDATION') own.forEach(validate);
    checkDuplicates(own);
    const fresh = own.filter((one) => this.isNew(one));
    this.publish(fresh);
    return { added: fresh.length, skipped: batch.length - fresh.length };
  }

  private candidate(record: SnapshotRecord): Candidate {
    const contract = decode(record);
    return { contract, record, packageId: this.representative(contract, record) };
  }

  private representative(contract: Contract, record: SnapshotRecord): string {
    const { packages, request } = this.context;
    const { byContract, byPackage, byName } = request.overrides;
    const created = contract.template.packageId;
    const exported = record.representativePackageId || created;
    const name = contract.template.packageName;
    const selected = [
      byContract[contract.contractId],
      byPackage[exported],
      byPackage[created],
      exported,
      created,
      byName[name],
      packages.newest(name)?.packageId,
    ].find((id) => id !== undefined && packages.package(id) !== undefined);
    if (selected === undefined) {
      throw importRefusal(
        `Could not select a representative package-id for contract with id ${shortContractId(contract.contractId)}. No package in store for the contract's package-name '${name}'.`,
      );
    }
    if (request.mode === 'ACCEPT' && selected !== exported) {
      throw importRefusal(
        `Contract import mode is ACCEPT but the selected representative package-id ${selected} for contract with id ${shortContractId(contract.contractId)} differs from the exported representative package-id ${exported}. Please use contract import mode VALIDATION.`,
      );
    }
    return selected;
  }

  private checkCounters(candidates: readonly Candidate[]): void {
    if (this.context.allowsReassigned) return;
    const reassigned = candidates
      .filter(({ record }) => record.reassignmentCounter > 0)
      .map(
        ({ contract, record }) => `(ContractId(${contract.contractId}),${record.reassignmentCounter})`,
      );
    if (reassigned.length === 0) return;
    throw importRefusal(
      `Contracts with a non-zero reassignment counter found with disabled multi-synchronizer support: Vector(${reassigned.join(', ')})`,
    );
  }

  /** Decides by the contract's state on this node; refuses what may not be added. Source: admin-api 2.3. */
  private isNew({ contract, record }: Candidate): boolean {
    const { contractId } = contract;
    if (this.added.has(contractId)) return false;
    const { ledger, damage, request } = this.context;
    if (damage.find(contractId)?.kind === 'archived') throw previouslyArchived(contractId);
    const slot = ledger.index.findOn(contractId, request.synchronizerId);
    if (slot === undefined) return true;
    switch (ledger.index.endOf(slot)) {
      case 'purged':
        return true;
      case 'archived':
        throw previouslyArchived(contractId);
      case 'unassigned':
        if (record.reassignmentCounter > ledger.read(slot).reassignmentCounter) return true;
        throw importRefusal(
          `The reassignment counter ${record.reassignmentCounter} of the contract ContractId(${contractId}) needs to be strictly larger than the reassignment counter ${ledger.read(slot).reassignmentCounter} at the time of the last unassignment.`,
        );
      default:
        if (Buffer.from(blobOf(ledger.read(slot))).equals(encodeBlob(contract))) return false;
        throw importRefusal(
          `Contract ContractId(${contractId}) exists in synchronizer, but does not match with contract being added`,
        );
    }
  }

  /** One transaction for each creation time, in the order of time. */
  private publish(fresh: readonly Candidate[]): void {
    const { ledger, request, recordTimeMicros } = this.context;
    const groups = groupByTime(fresh);
    for (const time of [...groups.keys()].sort((a, b) => a - b)) {
      const group = groups.get(time) ?? [];
      const workflowId = ledgerString(`${request.workflowIdPrefix}-${this.entries.length + 1}`);
      for (const { contract, record, packageId } of group) {
        this.added.add(contract.contractId);
        ledger.append(contract, {
          synchronizerId: request.synchronizerId,
          representativePackageId: packageId,
          reassignmentCounter: record.reassignmentCounter,
        });
      }
      this.entries.push({
        synchronizerId: request.synchronizerId,
        workflowId,
        effectiveAtMicros: time,
        recordTimeMicros,
        created: group.length,
      });
    }
  }
}

function previouslyArchived(contractId: string): Error {
  return importRefusal(
    `Cannot add previously archived contract ContractId(${contractId}) as archived contracts cannot become active.`,
  );
}

function groupByTime(fresh: readonly Candidate[]): Map<number, Candidate[]> {
  const groups = new Map<number, Candidate[]>();
  for (const one of fresh) {
    const time = one.contract.createdAtMicros;
    const group = groups.get(time);
    if (group) group.push(one);
    else groups.set(time, [one]);
  }
  return groups;
}

function decode(record: SnapshotRecord): Contract {
  try {
    return decodeBlob(record.blob);
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
    throw deserializationFailure(
      `ValueConversionError(contract,Unable to decode contract event payload: DecodeError(${error.message}))`,
    );
  }
}

function isExcluded({ signatories, observers }: Contract, excluded: ReadonlySet<string>): boolean {
  return excluded.size > 0 && [...signatories, ...observers].some((party) => excluded.has(party));
}

function validate({ contract }: Candidate): void {
  if (isAuthentic(contract)) return;
  const id = `ContractId(${contract.contractId})`;
  const { packageId, moduleName, entityName } = contract.template;
  const template = `${packageId}:${moduleName}:${entityName}`;
  throw importRefusal(
    `Failed to authenticate contract with id: ${id}: Upgrade(AuthenticationFailed(${id},${template},${template},contents do not match the contract id))`,
  );
}

/** A contract twice in one batch cannot be added; the same twice in different batches is skipped. */
function checkDuplicates(own: readonly Candidate[]): void {
  const ids = own.map(({ contract }) => contract.contractId);
  const seen = new Set<string>();
  const twice = ids.find((id) => seen.size === seen.add(id).size);
  if (twice === undefined) return;
  const all = ids.map((id) => `ContractId(${id})`).join(', ');
  throw importRefusal(
    `Failed to add contracts List(${all}) in ActiveContractStore: Chain(ActiveContractsDataInvariantViolation(The following (contractId, toc) have several reassignment counters: Set((ContractId(${twice}`,
  );
}

/** Checks a workflow id by the rules of Daml-LF ledger strings. Source: admin-api 2.6. */
function ledgerString(text: string): string {
  const wrong = /[^A-Za-z0-9._:\-#/ ]/u.exec(text)?.[0];
  if (wrong !== undefined) {
    const code = (wrong.codePointAt(0) ?? 0).toString(16);
    throw new PlainFailure(`non expected character 0x${code} in Daml-LF Ledger String "${text}"`);
  }
  if (text.length <= 255) return text;
  throw new PlainFailure('Daml-LF Ledger String is too long (max: 255)');
}
