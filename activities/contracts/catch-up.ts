import { cancellationSignal, log } from '@temporalio/activity';

import type { Side } from '../../acs/carried-digest.js';
import type { CatchUp } from '../../model/acs.js';
import type { AcsChange } from '../../model/participant.js';
import { CarriedDigests } from './carried-digests.js';
import type { Spool } from './spooling.js';
import type { Participants } from '../nodes/participants.js';
import { progress } from '../attempt/progress.js';
import {
  CHANGED_AT_ONCE,
  RECORD_BYTES_AT_ONCE,
  TargetChanges,
  type ChangeInput,
} from '../nodes/target-changes.js';

/** Its `offset` is that of the source up to which the target has the contracts. */
export interface CatchUpInput extends ChangeInput {
  /** Where to stop. Decimal int64. */
  toOffset: string;
  /** Of the source, at which the copy was made; left out where none was. Decimal int64. */
  copyOffset?: string;
}

export function catchUpActivities(participants: Participants, spool: Spool) {
  return {
    /**
     * Ensures that what changed on the source after `offset` is on the target: contracts created since are
     * imported, contracts archived since are purged. Read from the source's update stream, so that the cost
     * follows the change; memory is bounded by one batch of changes.
     *
     * Safe to repeat from the offset recorded last: an import skips what is there and a purge what is gone. Fails
     * as `packRecords` does, or if the source was pruned beyond `offset`. Source: admin-api 2.9.
     */
    async catchUp(input: CatchUpInput): Promise<CatchUp & { targetLedgerEnd: string }> {
      const source = participants.read(input.source);
      const changes = new TargetChanges(participants, input);
      const startedAt = Date.now();
      const nothing = { offset: input.offset, created: 0, archived: 0, seconds: 0 };
      let caughtUp: CatchUp = changes.fencing.recorded.caughtUp ?? nothing;
      const before = caughtUp.seconds;
      await changes.begin();
      progress(() => ({ caughtUp }));

      const apply = async (batch: Batch, offset: string) => {
        const { created, archived, transient } = batch;
        await changes.importRecords([...created.values()], `u${caughtUp.offset}`);
        await changes.purge([...archived, ...transient]);
        caughtUp = {
          offset,
          created: caughtUp.created + created.size,
          archived: caughtUp.archived + archived.size,
          seconds: before + (Date.now() - startedAt) / 1000,
        };
        progress(() => ({ caughtUp }));
        // Recorded before the next batch changes anything: no attempt repeats this one after that.
        changes.fencing.expire();
        await changes.fencing.prove();
      };

      const endInclusive = input.toOffset;
      let batch = new Batch();
      const scanned = source.ledger.scanChanges({
        parties: input.parties,
        synchronizerId: input.synchronizers.source,
        renameTo: input.synchronizers.target,
        excludedStakeholders: input.excludedStakeholders,
        beginExclusive: caughtUp.offset,
        endInclusive,
        signal: cancellationSignal(),
      });
      for await (const change of scanned) {
        batch.add(change);
        if (!batch.isFull) continue;
        await apply(batch, change.offset);
        batch = new Batch();
      }
      await apply(batch, endInclusive);
      const targetLedgerEnd = await changes.target.ledger.readLedgerEnd();
      await carryAlong(participants, spool, input, targetLedgerEnd);
      return { ...caughtUp, targetLedgerEnd };
    },
  };
}

/** While the source serves, if it does: so that a comparison in the freeze has nothing left to read. */
async function carryAlong(
  participants: Participants,
  spool: Spool,
  { copyOffset: offset, ...input }: CatchUpInput,
  targetLedgerEnd: string,
): Promise<void> {
  if (offset === undefined) return;
  const digests = new CarriedDigests(participants, spool, { ...input, offset });
  const signal = cancellationSignal();
  const ensure = async (side: Side, to: string) => {
    if (!(await digests.carry(side, to, { signal }))) await digests.begin(side, to, signal);
  };
  try {
    await ensure('source', input.toOffset);
    await ensure('target', targetLedgerEnd);
  } catch (error) {
    if (signal.aborted) throw error;
    log.warn('what was caught up with is read when both nodes are compared', { error });
  }
}

/**
 * What a run of transactions changed, taken together: the last event of a contract decides, so it is in one set only.
 *
 * It grows beyond its limit by one ledger transaction at most.
 */
class Batch {
  /** Records by contract id. */
  readonly created = new Map<string, Uint8Array>();
  readonly archived = new Set<string>();
  /**
   * Came and went. Purged all the same: an earlier attempt, which read a source that had not gone that far, may
   * have imported them.
   */
  readonly transient = new Set<string>();
  private recordBytes = 0;

  add(change: AcsChange): void {
    for (const { contractId, record } of change.created) {
      this.archived.delete(contractId);
      this.transient.delete(contractId);
      this.created.set(contractId, record);
      this.recordBytes += record.length;
    }
    for (const contractId of change.archived) {
      const cameAndWent = this.created.delete(contractId);
      (cameAndWent ? this.transient : this.archived).add(contractId);
    }
  }

  get isFull(): boolean {
    const { created, archived, transient, recordBytes } = this;
    const changed = created.size + archived.size + transient.size;
    return changed >= CHANGED_AT_ONCE || recordBytes >= RECORD_BYTES_AT_ONCE;
  }
}
