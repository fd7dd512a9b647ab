import { nameDifferences, visitDifferences } from '../acs/comparison.js';
import { mismatch } from '../model/failure.js';
import type { Participants } from './participants.js';
import { progress } from './progress.js';
import type { Spool } from './spooling.js';
import {
  CHANGED_AT_ONCE,
  RECORD_BYTES_AT_ONCE,
  TargetChanges,
  type ChangeInput,
} from './target-changes.js';
import { compareSides, type CompareInput } from './verify.js';

export function repairActivities(participants: Participants, spool: Spool) {
  return {
    /**
     * Ensures that no contract of the source is missing on the target, and none is there that the source lacks:
     * missing ones are imported from an export at the pinned offset, extra ones purged.
     *
     * Safe to repeat: it begins with a comparison. Fails with `ContractsDiffer`, before any change, if a contract
     * has different content on the two nodes: what that means only an operator can know.
     */
    async repairDifferences(
      input: CompareInput & ChangeInput,
    ): Promise<{ sent: number; purged: number }> {
      const changes = new TargetChanges(participants, input);
      await changes.begin();
      const compared = await compareSides(participants, spool, input);
      const { totals, named } = await nameDifferences(compared, 1);
      if (totals.different > 0) {
        const [first] = named.filter(({ kind }) => kind === 'different');
        throw mismatch(
          'ContractsDiffer',
          `${totals.different} contracts have different content on ${input.source.name} and ${input.target.name}, first ${first?.contractId ?? ''}`,
        );
      }
      const done = { sent: 0, purged: 0 };
      progress(() => ({ ...done, ofSent: totals.missing, ofPurged: totals.extra }));
      let missing: Uint8Array[] = [];
      let missingBytes = 0;
      let extra: string[] = [];
      const send = async () => {
        await changes.importRecords(missing, `r${compared.targetLedgerEnd}`);
        done.sent += missing.length;
        missing = [];
        missingBytes = 0;
      };
      const purge = async () => {
        await changes.purge(extra);
        done.purged += extra.length;
        extra = [];
      };
      await visitDifferences(compared, async ({ contractId, kind }, frames) => {
        if (kind === 'extra' && extra.push(contractId) >= CHANGED_AT_ONCE) await purge();
        if (kind !== 'missing' || !frames) return;
        // The record is only there until the next one is shown.
        const record = Buffer.from(frames.bytes.subarray(frames.frameStart, frames.end));
        missingBytes += record.length;
        if (missing.push(record) >= CHANGED_AT_ONCE || missingBytes >= RECORD_BYTES_AT_ONCE)
          await send();
      });
      await send();
      await purge();
      return done;
    },
  };
}
