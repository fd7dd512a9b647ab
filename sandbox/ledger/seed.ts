import protobuf from 'protobufjs';
import type { ContractSeed } from '../node.js';
import type { PackageStore } from '../package-store.js';
import { createContract, type Template } from './contract.js';
import { keysOf } from './contract-file.js';
import type { Ledger, NewEntry } from './ledger.js';

/** Contracts one ledger transaction of a seed creates; all of them share a creation time. */
const CONTRACTS_PER_TRANSACTION = 500;

/** Begins the note of every seeded contract: what is looked for where no argument of a contract may be. */
export const SECRET_NOTE = 'note-of-a-seeded-contract';

/**
 * Creates contracts in bulk, in transactions of 500 a second apart that end at the present.
 *
 * Without padding a contract of two parties is about 1.4 kB in a snapshot and a sixth of that compressed,
 * like the contracts of facts 2.1.
 */
export function seedContracts(
  { ledger, packages }: { readonly ledger: Ledger; readonly packages: PackageStore },
  seed: ContractSeed,
): void {
  const template = templateOf(packages, seed.packageName);
  const transactions = Math.ceil(seed.count / CONTRACTS_PER_TRANSACTION);
  const start = ledger.now() - transactions * 1_000_000;
  const note = SECRET_NOTE + 'n'.repeat(seed.paddingBytes);
  const entries: NewEntry[] = [];
  for (let i = 0; i < seed.count; i++) {
    const createdAtMicros = start + Math.floor(i / CONTRACTS_PER_TRANSACTION) * 1_000_000;
    if (i % CONTRACTS_PER_TRANSACTION === 0) {
      const created = Math.min(CONTRACTS_PER_TRANSACTION, seed.count - i);
      entries.push({
        synchronizerId: seed.synchronizer,
        effectiveAtMicros: createdAtMicros,
        recordTimeMicros: createdAtMicros + 80_000,
        created,
      });
    }
    const [payer = '', ...others] = stakeholders(seed, i);
    const contract = createContract({
      template,
      argumentBytes: iouArguments(payer, others[0] ?? payer, i + 1, note),
      signatories: [payer],
      observers: others.sort(),
      maintainers: [],
      createdAtMicros,
    });
    ledger.append(contract, {
      synchronizerId: seed.synchronizer,
      representativePackageId: template.packageId,
      reassignmentCounter: 0,
    });
  }
  ledger.commit(entries);
}

/** Ends contracts that are spread evenly over the active ones, and creates others of the same parties. */
export function churn(
  { ledger, packages }: { readonly ledger: Ledger; readonly packages: PackageStore },
  created: number,
  archived: number,
): void {
  const active = [...ledger.active(ledger.end)];
  const [first] = active;
  if (first === undefined) throw new Error('a ledger without contracts has no parties to go on with');
  const stored = ledger.read(first);
  const { synchronizerId } = stored;
  const { template } = keysOf(stored);
  const step = Math.max(1, Math.floor(active.length / Math.max(1, archived)));
  const ended = active.filter((_, i) => i % step === 0).slice(0, archived);
  for (let at = 0; at < ended.length; at += CONTRACTS_PER_TRANSACTION) {
    const slots = ended.slice(at, at + CONTRACTS_PER_TRANSACTION);
    ledger.commit([{ synchronizerId, ended: slots.map((slot) => ({ slot, end: 'archived' })) }]);
  }
  seedContracts(
    { ledger, packages },
    {
      count: created,
      packageName: template.packageName,
      parties: ledger.index.stakeholders(first).all,
      partiesPerContract: 2,
      paddingBytes: 0,
      synchronizer: synchronizerId,
    },
  );
}

/** The `i`-th group of parties, taken in turn, without duplicates. */
function stakeholders({ parties, partiesPerContract }: ContractSeed, i: number): string[] {
  const wanted = Math.min(partiesPerContract, parties.length);
  return Array.from({ length: wanted }, (_, j) => parties[(i + j) % parties.length] ?? '');
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
