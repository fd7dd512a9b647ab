import { cancellationSignal } from '@temporalio/activity';

import { openShard } from '../acs/shards.js';
import { removeSpool } from '../acs/spool.js';
import type { ExportedContracts, SpoolShard } from '../model/acs.js';
import { listed, mismatch, transient } from '../model/failure.js';
import { awaitEndOfRepair, readIsolated } from './connections.js';
import type { Participants } from './index.js';
import type { Participant } from './participant.js';
import { progress } from './progress.js';
import { ensureSpool, exportedOf, spoolFolderOf, type ExportInput } from './spooling.js';

/** Contract ids in one purge; a request may have 10 MiB. */
const PURGE_AT_ONCE = 10_000;

export interface ImportInput extends ExportInput {
  /** What the export was, as recorded; a repeated export has to be the same. */
  exported: Pick<ExportedContracts, 'shardCount' | 'total'>;
  /** 1-based. */
  shard: number;
  workflowIdPrefix: string;
  /** Ledger end of the target after the shard before. Decimal int64. */
  beginExclusive: string;
}

export function transferActiveContractsActivities(participants: Participants, spoolFolder: string) {
  return {
    /**
     * Ensures that the spool holds the ACS at the pinned offset as shards, each decoded, counted and checked.
     *
     * Safe to repeat: a complete spool of the same export is kept. Fails as the ACS engine does.
     */
    async exportActiveContracts(input: ExportInput): Promise<ExportedContracts> {
      return exportedOf(await ensureSpool(participants, spoolFolder, input));
    },

    /**
     * Ensures that one shard is imported, in one call of its own. Returns the target's ledger end after it.
     *
     * A shard that the target has committed already, by an attempt whose answer was lost, is recognised by its
     * workflow id and not sent again. On a worker without the spool, the export is repeated at the pinned offset.
     */
    async importShard(input: ImportInput): Promise<{ ledgerEnd: string; isNew: boolean }> {
      const target = participants(input.target);
      await readIsolated(target);
      const before = await target.ledger.readLedgerEnd();
      if (await isImported(target, input, before)) return { ledgerEnd: before, isNew: false };
      await sendShard(target, input);
      return { ledgerEnd: await target.ledger.readLedgerEnd(), isNew: true };
    },

    /**
     * Ensures that the target holds none of the contracts this migration imported, and nothing else is touched.
     *
     * The undo of the import; the target has to be disconnected. Fails with `ContractsNotPurged`.
     */
    async purgeImported(input: {
      target: string;
      alias: string;
      synchronizerId: string;
      parties: string[];
      workflowIdPrefix: string;
    }): Promise<{ purged: number }> {
      const target = participants(input.target);
      progress({ waitingFor: 'the import to end' });
      await awaitEndOfRepair(target, input.synchronizerId);
      let purged = 0;
      for await (const contractIds of importedContracts(target, input)) {
        await readIsolated(target);
        await target.repair.purgeContracts(input.alias, contractIds);
        purged += contractIds.length;
        progress({ purged });
      }
      for await (const left of importedContracts(target, input)) {
        throw mismatch('ContractsNotPurged', `contracts are still on ${input.target}: ${listed(left)}`);
      }
      return { purged };
    },

    /** Ensures that this worker keeps nothing of the export. */
    async removeExport(input: { planHash: string; pinnedOffset: string }): Promise<void> {
      await removeSpool(spoolFolderOf(spoolFolder, input));
    },
  };

  async function sendShard(target: Participant, input: ImportInput) {
    const manifest = await ensureSpool(participants, spoolFolder, input);
    const shard = manifest.shards[input.shard - 1];
    if (!shard || manifest.total.digest !== input.exported.total.digest) {
      throw mismatch(
        'ExportChanged',
        `the export at offset ${input.pinnedOffset} has digest ${manifest.total.digest}, expected ${input.exported.total.digest}`,
      );
    }
    const chunks = await openUndamaged(spoolFolderOf(spoolFolder, input), shard);
    let sentBytes = 0;
    progress(() => ({
      shard: input.shard,
      of: manifest.shards.length,
      sentBytes,
      bytes: shard.byteLength,
    }));
    await target.repair.importAcs({
      chunks,
      synchronizerId: input.synchronizers.target,
      workflowIdPrefix: shardPrefix(input),
      mode: 'validation',
      signal: cancellationSignal(),
      onSent: (bytes) => (sentBytes = bytes),
    });
  }
}

/** A damaged spool is thrown away, so that the next attempt exports again. */
async function openUndamaged(folder: string, shard: SpoolShard): Promise<AsyncIterable<Uint8Array>> {
  return openShard(folder, shard).catch(async (error: Error) => {
    await removeSpool(folder);
    throw transient('ShardDamaged', error.message);
  });
}

/** Workflow ids of the contracts of one shard start with this. Source: Canton facts 2.6. */
function shardPrefix({ workflowIdPrefix, shard }: ImportInput): string {
  return `${workflowIdPrefix}-p${String(shard).padStart(5, '0')}`;
}

async function isImported(target: Participant, input: ImportInput, ledgerEnd: string): Promise<boolean> {
  if (ledgerEnd === input.beginExclusive) return false;
  return target.ledger.hasUpdateOfWorkflow({
    beginExclusive: input.beginExclusive,
    endInclusive: ledgerEnd,
    workflowIdPrefix: `${shardPrefix(input)}-`,
  });
}

/** The ids of the contracts this migration imported, {@link PURGE_AT_ONCE} at a time. */
async function* importedContracts(
  { ledger }: Participant,
  input: { parties: string[]; workflowIdPrefix: string },
): AsyncGenerator<string[]> {
  const offset = await ledger.readLedgerEnd();
  if (offset === '0' || input.parties.length === 0) return;
  let batch: string[] = [];
  const scanned = { parties: input.parties, offset, signal: cancellationSignal() };
  for await (const entry of ledger.scanActiveContracts(scanned)) {
    if (!('contractId' in entry) || !entry.workflowId.startsWith(`${input.workflowIdPrefix}-`)) continue;
    progress({ found: batch.push(entry.contractId) });
    if (batch.length < PURGE_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
