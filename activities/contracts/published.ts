import { cancellationSignal } from '@temporalio/activity';

import { digestExport } from '../../acs/digest-stream.js';
import { scanExport } from '../../acs/scan.js';
import type { ContractSetDigest } from '../../model/acs.js';
import { mismatch } from '../../model/failure.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { workSignal } from '../hosting/isolation-monitor.js';
import type { Participants } from '../nodes/participants.js';
import { FoundContracts, scanContracts } from './active-contracts.js';
import { exportOf } from './export-source.js';
import { IdHashes } from './id-hashes.js';
import type { ExportInput } from './spooling.js';

/** Contracts of which a failure says where they are. */
const LOOKED_UP = 100;

export function publishedActivities(participants: Participants) {
  return {
    /**
     * Reads that every contract that was compared is active on the Ledger API of the target, which is connected, or was
     * archived there since: a contract that is active for the participant alone is invisible to applications.
     *
     * `targetLedgerEnd` is that of the proof. Returns how many are active and archived. Fails with
     * `ContractsNotPublished`. Source: canton-2.10 H, item 3.
     */
    async readPublishedContracts(
      input: ExportInput & { targetLedgerEnd: string },
    ): Promise<{ active: number; archived: number }> {
      const target = participants.read(input.target);
      const endInclusive = await target.ledger.readLedgerEnd();
      const range = { beginExclusive: input.targetLedgerEnd, endInclusive };
      const { parties } = input;
      const [active, archived] = [new IdHashes(), new IdHashes()];
      const place = { parties, synchronizerId: input.synchronizers.target };
      for await (const id of target.ledger.scanUsedContracts({ ...range, ...place })) archived.add(id);
      const waitingFor = 'contracts to be visible on the target';
      for await (const { contractId } of scanContracts(target, {
        parties,
        offset: endInclusive,
        waitingFor,
      }))
        active.add(contractId);
      const found = { active: 0, archived: 0 };
      const lacking = new FoundContracts(LOOKED_UP);
      const signal = workSignal();
      const exported = await exportOf(participants, input, 'source', { signal });
      progress(() => ({ ...found, lacking: lacking.count }));
      for await (const reader of scanExport(exported, { signal }))
        while (reader.next()) {
          const { contractId } = reader.record;
          if (active.has(contractId)) found.active++;
          else if (archived.has(contractId)) found.archived++;
          else lacking.add(contractId);
        }
      if (lacking.count === 0) return found;
      throw mismatch('ContractsNotPublished', await describe(target, lacking));
    },
  };
}

async function describe(target: ParticipantReads, lacking: FoundContracts): Promise<string> {
  const there = await target.repair.lookupContracts(lacking.first);
  const what =
    there.size === 0
      ? `are not on ${target.name}`
      : `are active on ${target.name} and not visible on its Ledger API`;
  return `${lacking.count} contracts that were compared ${what}: ${lacking.named}`;
}

/** The digest of the contracts of these parties on a target that is disconnected. */
export async function digestOnTarget(
  node: ParticipantReads,
  place: { parties: string[]; synchronizerId: string },
): Promise<string> {
  return (await contractsOnTarget(node, place)).digest;
}

/** How many contracts of these parties it has, imported or not. */
export async function countOnTarget(
  node: ParticipantReads,
  place: { parties: string[]; synchronizerId: string },
): Promise<number> {
  return (await contractsOnTarget(node, place)).contractCount;
}

async function contractsOnTarget(
  { repair, ledger }: ParticipantReads,
  { parties, synchronizerId }: { parties: string[]; synchronizerId: string },
): Promise<ContractSetDigest> {
  const signal = cancellationSignal();
  const offset = await ledger.readLedgerEnd();
  const exported = repair.exportAcs({ parties, synchronizerId, offset, signal });
  const { total } = await digestExport(exported, {
    parties,
    targetSynchronizerId: synchronizerId,
    signal,
  });
  return total;
}
