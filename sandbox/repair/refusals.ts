import { CantonRefusal } from '../errors.js';

/** Returns the refusal of an `ImportAcs`; category 8 although the cause is mostly a state. Source: admin-api 3.2. */
export function importRefusal(cause: string): CantonRefusal {
  return new CantonRefusal({ id: 'IMPORT_ACS_ERROR', category: 8, cause });
}

/** Returns the refusal of wrong arguments of a repair call. */
export function invalidArgument(cause: string): CantonRefusal {
  return new CantonRefusal({ id: 'INVALID_ARGUMENT_REPAIR', category: 8, cause });
}

/** Returns the refusal of a `PurgeContracts`. */
export function purgeRefusal(alias: string, cause: string): CantonRefusal {
  const metadata = { synchronizerAlias: `Synchronizer '${alias}'` };
  return new CantonRefusal({ id: 'CONTRACT_PURGE_ERROR', category: 9, cause, metadata });
}

/** What import and purge answer while a synchronizer is connected. */
export const STILL_CONNECTED =
  'There are still synchronizers connected. Please disconnect all synchronizers.';

/**
 * Cuts a contract id as Canton does where it does not show it whole: the halves of discriminator and suffix.
 * Source: golden/repair.jsonl 60.
 */
export function shortContractId(contractId: string): string {
  const discriminator = contractId.slice(2, 66);
  const suffix = contractId.slice(66);
  return `${discriminator.slice(0, 12)}...${suffix.slice(0, 16)}...`;
}
