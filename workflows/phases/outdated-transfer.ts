import type { Activities } from '../../activities/index.js';
import type { TransferRecord } from '../../model/migration.js';
import type { HashedPlan } from '../../model/plan.js';
import { counted } from './plan-input.js';
import { freeze } from './transfer-active-contracts.js';

/**
 * The transfer as it was before copies were pipelined: the whole export first, then one activity per shard.
 *
 * Kept for the histories of migrations that began it. Its activities refuse to go on, so that an operator aborts.
 */
export async function apply(
  planned: HashedPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  await freeze(planned, act, record);
  record.copyOffset ??= record.pinnedOffset!;
  const { shardCount, total } = await act.exportActiveContracts();
  while (record.importedShards < shardCount) {
    await act.importShard();
    record.importedShards += 1;
  }
  return [
    `${counted(total.contractCount, 'contract')} imported in ${counted(shardCount, 'call')}, exported at offset ${record.copyOffset}`,
  ];
}
