import { removeSpool } from '../../acs/spool.js';
import type { CopyCheckpoint, ExportedContracts } from '../../model/acs.js';
import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import type { NodeRef } from '../../model/participant.js';
import { whileIsolated, workSignal } from '../hosting/isolation-monitor.js';
import { awaitEndOfRepair } from '../nodes/connections.js';
import { isBrokenOff } from './export-parts.js';
import { provenMode } from './import-mode.js';
import { isImportedBy } from './imported.js';
import { purgeContracts, selectedContracts } from './purging.js';
import { CarriedDigests } from './carried-digests.js';
import { Copy, type CopyInput } from './copy.js';
import { startOf } from './copy-start.js';
import type { Participants } from '../nodes/participants.js';
import { progress } from '../attempt/progress.js';
import { beginExport, exportedOf, placeOf, type Spool } from './spooling.js';
import { TargetFollower } from './target-follower.js';

export interface CopiedContracts {
  exported: ExportedContracts;
  checkpoint: CopyCheckpoint;
}

export function transferActiveContractsActivities(participants: Participants, spool: Spool) {
  return {
    /**
     * Ensures that the target has every contract of the source's ACS at `offset`, importing its beginning while the
     * rest is still being exported. Resolves once the export has ended with status OK and all of it is imported.
     *
     * Safe to repeat, on any worker: contracts that are there by the record, or by the workflow ids of the target's
     * own import transactions, are not sent again. Fails with `ExportChanged` if the source's export at that offset
     * does not begin as it did, with `SpoolNotWritable`, and as the ACS engine does; on the live route with
     * `TargetExposed` within seconds of a connection of the target. An export that broke off twice in a row is made in
     * twice as many parts, from the beginning; `ExportBrokenOff` if that is not possible any more.
     */
    async copyActiveContracts(input: CopyInput): Promise<CopiedContracts> {
      const stop = new AbortController();
      return whileIsolated(participants.read(input.target), input.window, async () => {
        const signal = AbortSignal.any([workSignal(), stop.signal]);
        const start = startOf(input);
        const { parts = 1 } = start;
        const importMode = await provenMode(participants, input);
        const digests = await carriedDigests(participants, spool, input);
        const readLast = async () => digests?.readLastCopied();
        const making = { signal, parts, readLast };
        const spooled = await beginExport(participants, spool, input, making);
        const follower = digests && new TargetFollower(digests, workSignal());
        const follow = (at: CopyCheckpoint, of: number) => follower?.follow(at, of);
        const copy = new Copy(participants, { ...input, importMode }, spooled, start, follow);
        try {
          const checkpoint = await copy.run();
          return { exported: exportedOf(await spooled.complete), checkpoint };
        } catch (error) {
          throw isBrokenOff(error) ? await copy.noteBrokenOff(error) : error;
        } finally {
          stop.abort(new Error('the copy has ended'));
          await follower?.end();
          // Its failure was the copy's own, or comes from the line above.
          await spooled.complete.catch(() => undefined);
        }
      });
    },

    /**
     * Ensures that the target holds none of the contracts this migration imported, and nothing else is touched.
     *
     * The undo of the import; the target has to be disconnected. Fails with `ContractsNotPurged`.
     */
    async purgeImported(input: {
      target: NodeRef;
      alias: string;
      synchronizerId: string;
      parties: string[];
      workflowIdPrefix: string;
    }): Promise<{ purged: number }> {
      const target = participants.change(input.target);
      progress({ waitingFor: 'the import to end' });
      await awaitEndOfRepair(target, input.synchronizerId);
      const imported = { parties: input.parties, has: isImportedBy(input.workflowIdPrefix) };
      const purged = await purgeContracts(target, input.alias, imported);
      for await (const left of selectedContracts(target, imported)) {
        throw mismatch(
          'ContractsNotPurged',
          `contracts are still on ${input.target.name}: ${listed(left)}`,
        );
      }
      return { purged };
    },

    /** Ensures that this worker keeps nothing of the export; other workers remove theirs when they notice the end. */
    async removeExport(input: { planHash: string; offset: string }): Promise<void> {
      await participants.assertMigration();
      await removeSpool(placeOf(spool, input).folder);
    },
  };
}

/** To compare by what changes from here on; a node that does not tell that is compared by exports. */
async function carriedDigests(
  participants: Participants,
  spool: Spool,
  input: CopyInput,
): Promise<CarriedDigests | undefined> {
  const { tellsChanges } = await participants.read(input.target).health.readAbilities();
  return tellsChanges ? new CarriedDigests(participants, spool, input) : undefined;
}
