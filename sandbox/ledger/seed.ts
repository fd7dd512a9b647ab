import protobuf from 'protobufjs';
import type { ContractSeed } from '../node.js';
import type { PackageStore } from '../package-store.js';
import { createContract, type Contract, type Template } from './contract.js';
import { keysOf } from './contract-file.js';
import type { NewEntry } from './entry.js';
import type { Ledger } from './ledger.js';
import { archivedAt, write, type Writer } from './writing.js';

/** Contracts one ledger transaction of a seed creates; all of them share a creation time. */
const CONTRACTS_PER_TRANSACTION = 500;

/** Begins the note of every seeded contract: what is looked for where no argument of a contract may be. */
export const SECRET_NOTE = 'note-of-a-seeded-contract';

/** What bulk changes of a ledger are made with. */
export interface SeedParts extends Writer {
  readonly packages: PackageStore;
}

/**
 * Creates contracts in bulk, in transactions of 500 a second apart that end at the present.
 *
 * Without padding a contract of two parties is about 1.4 kB in a snapshot and a sixth of that compressed,
 * like the contracts of admin-api 2.1. Where another participant hosts one of the parties, the synchronizer orders them.
 */
export function seedContracts(parts: SeedParts, seed: ContractSeed): void {
  const { ledger } = parts;
  const template = templateOf(parts.packages, seed.packageName);
  const start = ledger.now() - Math.ceil(seed.count / CONTRACTS_PER_TRANSACTION) * 1_000_000;
  const order = parts.topology.order(seed.synchronizer);
  const isShared = order?.isShared(seed.parties, ledger.now()) ?? false;
  const entries: NewEntry[] = [];
  for (let from = 0; from < seed.count; from += CONTRACTS_PER_TRANSACTION) {
    const size = Math.min(CONTRACTS_PER_TRANSACTION, seed.count - from);
    const createdAtMicros = start + (from / CONTRACTS_PER_TRANSACTION) * 1_000_000;
    const contracts = seeded(seed, { from, size, createdAtMicros, template });
    const { synchronizer: synchronizerId } = seed;
    if (isShared) write(parts, { ...SILENT, synchronizerId, created: [...contracts], archived: [] });
    else entries.push(append(ledger, { contracts, synchronizerId, createdAtMicros, created: size }));
  }
  ledger.commit(entries);
}

/** A transaction that nobody submitted. */
const SILENT = { workflowId: '', commandId: '' };

interface Bulk {
  readonly contracts: Iterable<Contract>;
  readonly synchronizerId: string;
  readonly createdAtMicros: number;
  readonly created: number;
}

function append(
  ledger: Ledger,
  { contracts, synchronizerId, createdAtMicros, created }: Bulk,
): NewEntry {
  for (const contract of contracts) {
    const representativePackageId = contract.template.packageId;
    ledger.append(contract, { synchronizerId, representativePackageId, reassignmentCounter: 0 });
  }
  return {
    synchronizerId,
    effectiveAtMicros: createdAtMicros,
    recordTimeMicros: createdAtMicros + 80_000,
    created,
  };
}

interface Slice {
  readonly from: number;
  readonly size: number;
  readonly createdAtMicros: number;
  readonly template: Template;
}

function* seeded(
  seed: ContractSeed,
  { from, size, createdAtMicros, template }: Slice,
): Generator<Contract> {
  const note = SECRET_NOTE + 'n'.repeat(seed.paddingBytes);
  for (let i = from; i < from + size; i++) {
    const [payer = '', ...others] = stakeholders(seed, i);
    yield createContract({
      template,
      argumentBytes: iouArguments(payer, others[0] ?? payer, i + 1, note),
      signatories: [payer],
      observers: others.sort(),
      maintainers: [],
      createdAtMicros,
    });
  }
}

/** Ends contracts that are spread evenly over the active ones, and creates others of the same parties. */
export function churn(parts: SeedParts, created: number, archived: number): void {
  const { ledger } = parts;
  const active = [...ledger.active(ledger.end)];
  const [first] = active;
  if (first === undefined) throw new Error('a ledger without contracts has no parties to go on with');
  const stored = ledger.read(first);
  const { synchronizerId } = stored;
  const { template } = keysOf(stored);
  const { all: parties } = ledger.index.stakeholders(first);
  const step = Math.max(1, Math.floor(active.length / Math.max(1, archived)));
  const ended = active.filter((_, i) => i % step === 0).slice(0, archived);
  for (let at = 0; at < ended.length; at += CONTRACTS_PER_TRANSACTION) {
    const slots = ended.slice(at, at + CONTRACTS_PER_TRANSACTION);
    write(parts, {
      ...SILENT,
      synchronizerId,
      created: [],
      archived: slots.map((slot) => archivedAt(ledger, slot)),
    });
  }
  seedContracts(parts, {
    count: created,
    packageName: template.packageName,
    parties,
    partiesPerContract: 2,
    paddingBytes: 0,
    synchronizer: synchronizerId,
  });
}

/** The `i`-th group of parties, taken in turn, without duplicates. */
function stakeholders({ parties, payer, partiesPerContract }: ContractSeed, i: number): string[] {
  const first = payer === undefined ? [] : [payer];
  const wanted = Math.min(partiesPerContract - first.length, parties.length);
  return [
    ...first,
    ...Array.from({ length: wanted }, (_, j) => parties[(i + j) % parties.length] ?? ''),
  ];
}

/** Serializes a `Record` of four values by hand, which is what a seed of many contracts has time for. */
function iouArguments(payer: string, owner: string, amount: number, note: string): Uint8Array {
  const record = protobuf.Writer.create();
  const field = (write: (value: protobuf.Writer) => void) => {
    record.uint32(18).fork().uint32(18).fork();
    write(record);
    record.ldelim().ldelim();
  };
  field((value) => value.uint32(58).string(payer));
  field((value) => value.uint32(58).string(owner));
  field((value) => value.uint32(24).sint64(amount));
  field((value) => value.uint32(66).string(note));
  return record.finish();
}

function templateOf(packages: PackageStore, packageName: string): Template {
  const found = packages.newest(packageName);
  const [moduleName, entityName] = found?.strings ?? [];
  if (!found || moduleName === undefined || entityName === undefined) {
    throw new Error(`a seed needs package ${packageName}, which is not in the store`);
  }
  return { packageId: found.packageId, moduleName, entityName, packageName };
}
