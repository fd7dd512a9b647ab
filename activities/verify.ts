import { cancellationSignal } from '@temporalio/activity';

import { compare, nameDifferences } from '../acs/comparison.js';
import { digestExport } from '../acs/digest-stream.js';
import { readShards } from '../acs/spool.js';
import { listed, mismatch } from '../model/failure.js';
import type { AcsDigest, SpoolManifest } from '../model/acs.js';
import type { Verification } from '../model/report.js';
import { readIsolated } from './connections.js';
import type { Participants } from './index.js';
import {
  emptyExport,
  ensureSpool,
  exportedParties,
  spoolFolderOf,
  type ExportInput,
} from './spooling.js';
import { progress } from './progress.js';

/** Differences that travel in the result; the count is complete. */
const NAMED_DIFFERENCES = 100;

export function verifyActivities(participants: Participants, spoolFolder: string) {
  return {
    /**
     * Compares the contracts of every moved party: the source's at the pinned offset, the target's at its ledger
     * end. Returns the counts and digests, and names what differs.
     *
     * Both sides are read as exports, so that one definition of a contract's content serves both. What the
     * digest covers: `docs/phases/verify.md`. Memory does not grow with the ACS.
     */
    async compareActiveContracts(input: ExportInput): Promise<Verification> {
      const manifest = await ensureSpool(participants, spoolFolder, input);
      const targetLedgerEnd = await participants(input.target).ledger.readLedgerEnd();
      const target = await digestOfTarget(participants, input, targetLedgerEnd);
      const comparison = compare(manifest, target);
      const differences = comparison.isEqual
        ? undefined
        : await differencesOf(input, manifest, target, targetLedgerEnd);
      return {
        isEqual: comparison.isEqual,
        contractCount: manifest.total.contractCount,
        targetLedgerEnd,
        parties: comparedParties(manifest, target),
        differences: differences?.named.slice(0, NAMED_DIFFERENCES) ?? [],
        differenceCount: differences
          ? Object.values(differences.totals).reduce((sum, count) => sum + count, 0)
          : 0,
      };
    },

    /**
     * Returns once the target serves: it hosts every moved party, has their packages vetted, and the source is
     * still parked. Fails with `TargetNotServing`, naming what is missing.
     */
    async readServingState(input: {
      source: string;
      target: string;
      targetUid: string;
      synchronizerId: string;
      parties: string[];
      packageIds: string[];
    }): Promise<{ hosted: number; vetted: number }> {
      const target = participants(input.target);
      const store = { synchronizerId: input.synchronizerId };
      await readIsolated(participants(input.source));
      const [mappings, vetted, local, packages] = await Promise.all([
        target.topology.listPartyMappings(store, { participantUid: input.targetUid }),
        target.topology.findVettedPackages(store, input.targetUid),
        target.ledger.listLocalParties(),
        target.packages.listPackageIds(),
      ]);
      const without = (wanted: string[], found: Iterable<string>) => {
        const known = new Set(found);
        return wanted.filter((name) => !known.has(name));
      };
      const onTarget = input.packageIds.filter((id) => packages.includes(id));
      const missing = [
        ...without(
          input.parties,
          mappings.map(({ party }) => party),
        ).map((name) => `hosting of ${name}`),
        ...without(input.parties, local).map((name) => `local party ${name}`),
        ...without(
          onTarget,
          (vetted?.packages ?? []).map(({ packageId }) => packageId),
        ).map((id) => `vetting of ${id}`),
      ];
      if (missing.length > 0)
        throw mismatch('TargetNotServing', `${input.target} lacks ${listed(missing)}`);
      return { hosted: input.parties.length, vetted: onTarget.length };
    },
  };

  async function differencesOf(
    input: ExportInput,
    source: SpoolManifest,
    target: AcsDigest,
    targetLedgerEnd: string,
  ) {
    return nameDifferences({
      source,
      target,
      sourceExports: readShards(spoolFolderOf(spoolFolder, input), source),
      targetExport: exportOfTarget(participants, input, targetLedgerEnd),
      signal: cancellationSignal(),
    });
  }
}

async function digestOfTarget(
  participants: Participants,
  input: ExportInput,
  offset: string,
): Promise<AcsDigest> {
  return digestExport(exportOfTarget(participants, input, offset), {
    parties: exportedParties(input),
    targetSynchronizerId: input.synchronizers.target,
    signal: cancellationSignal(),
    onProgress: progress,
  });
}

function exportOfTarget(
  participants: Participants,
  input: ExportInput,
  offset: string,
): AsyncIterable<Uint8Array> {
  // Canton reads an empty list as every party, and refuses offset 0.
  if (input.partyNames.length === 0 || offset === '0') return emptyExport();
  return participants(input.target).repair.exportAcs({
    parties: exportedParties(input),
    synchronizerId: input.synchronizers.target,
    offset,
    signal: cancellationSignal(),
  });
}

function comparedParties(source: AcsDigest, target: AcsDigest): Verification['parties'] {
  const atTarget = new Map(target.parties.map((its) => [its.party, its]));
  const none = { contractCount: 0, digest: '0'.repeat(64) };
  return source.parties.map(({ party, ...atSource }) => {
    const { contractCount, digest } = atTarget.get(party) ?? none;
    const isEqual = atSource.contractCount === contractCount && atSource.digest === digest;
    return { party, source: atSource, target: { contractCount, digest }, isEqual };
  });
}
