import type { ContractSetDigest } from '../model/acs.js';
import { refused } from '../model/failure.js';

/** Steps that only a migration of an earlier version still asks for; its shards cannot be told apart any more. */
export function outdatedTransferActivities() {
  const refuse = async (): Promise<never> => {
    throw refused(
      'TransferOutdated',
      'this migration began its transfer with an earlier version of the worker, which made other shards',
    );
  };
  return {
    /** Fails with `TransferOutdated`. */
    exportActiveContracts: refuse as () => Promise<{ shardCount: number; total: ContractSetDigest }>,
    /** Fails with `TransferOutdated`. */
    importShard: refuse as () => Promise<void>,
  };
}
