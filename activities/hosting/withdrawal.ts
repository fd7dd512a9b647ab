import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import type { NodeRef } from '../../model/participant.js';
import type { FormerHosting } from '../../model/plan-parties.js';
import type { PlannedNode } from '../../model/plan.js';
import { FoundContracts, scanContracts } from '../contracts/active-contracts.js';
import { isImportedBy } from '../contracts/imported.js';
import type { Participants } from '../nodes/participants.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { notAsBefore } from './recreate-parties.js';
import type { HostingInput } from './target-hosting.js';

/** The reads that prove an abort: both nodes are as before the migration. */
export function withdrawalActivities(participants: Participants) {
  return {
    /**
     * Returns once the source is read as before the migration: connected where and as the plan says, its ledger
     * readable, and host of every party of the plan. Fails with `SourceNotServing`, naming what is missing.
     *
     * Parties that came since are no failure: the source served meanwhile.
     */
    async readReturnedSource(input: {
      source: NodeRef;
      synchronizerId: string;
      connections: PlannedNode['connections'];
      parties: string[];
    }): Promise<{ hosted: number; ledgerEnd: string }> {
      const source = participants.read(input.source);
      const lacking = await otherConnections(source, input.connections);
      const ledgerEnd = await source.ledger.readLedgerEnd();
      const mappings = await source.topology.listPartyMappings(
        { synchronizerId: input.synchronizerId },
        { participantUid: input.source.uid },
      );
      const hosted = new Set(mappings.map(({ party }) => party));
      const lost = input.parties.filter((party) => !hosted.has(party));
      const missing = lacking.concat(lost.map((party) => `hosting of ${party}`));
      if (missing.length > 0)
        throw mismatch('SourceNotServing', `${input.source.name} lacks ${listed(missing)}`);
      return { hosted: input.parties.length, ledgerEnd };
    },

    /**
     * Returns once the target is read as before the migration: connected where and as the plan says, without
     * contracts of the import, and host of the parties only where it was before. Fails with `TargetNotCleared`.
     *
     * Returns how many contracts of the parties others created there meanwhile.
     */
    async readClearedTarget(
      input: HostingInput & {
        connections: PlannedNode['connections'];
        parties: FormerHosting[];
        /** Parties that it goes on hosting, because of contracts that others created there. */
        keptParties: string[];
        workflowIdPrefix: string;
      },
    ): Promise<{ createdByOthers: number }> {
      const target = participants.read(input.target);
      const kept = new Set(input.keptParties);
      const others = (await notAsBefore(target, input)).filter(
        ({ mapping }) => !kept.has(mapping.party),
      );
      const { imported, createdByOthers } = await countContracts(target, input);
      // Read last: one that was parked, and that somebody connects meanwhile, would serve beside the source.
      const lacking = await otherConnections(target, input.connections);
      const wrong = lacking
        .map((what) => `lacks ${what}`)
        .concat(await connectedThoughParked(target, input.connections))
        .concat(others.map(({ mapping }) => `hosts ${mapping.party} differently than before`));
      if (imported.count > 0) {
        wrong.push(`has ${imported.count} imported contracts: ${imported.named}`);
      }
      if (wrong.length > 0) throw mismatch('TargetNotCleared', `${input.target.name} ${listed(wrong)}`);
      return { createdByOthers };
    },
  };
}

/** What of the connections is not as the plan says. */
async function otherConnections(
  { synchronizers }: ParticipantReads,
  planned: PlannedNode['connections'],
): Promise<string[]> {
  const registered = new Map((await synchronizers.listRegistered()).map((its) => [its.alias, its]));
  return planned.flatMap(({ alias, isConnected, isManualConnect }) => {
    const now = registered.get(alias);
    if (!now) return [`the registration of ${alias}`];
    return [
      ...(isConnected && !now.isConnected ? [`the connection to ${alias}`] : []),
      ...(now.isManualConnect === isManualConnect
        ? []
        : [
            `the former setting of ${alias} (${isManualConnect ? 'manual connect' : 'connects by itself'})`,
          ]),
    ];
  });
}

/** A target that was parked before, such as the old node on a reverse migration, must not serve after an abort. */
async function connectedThoughParked(
  { synchronizers }: ParticipantReads,
  planned: PlannedNode['connections'],
): Promise<string[]> {
  if (planned.some(({ isConnected, isManualConnect }) => isConnected || !isManualConnect)) return [];
  return (await synchronizers.listRegistered())
    .filter((its) => its.isConnected && planned.some(({ alias }) => alias === its.alias))
    .map(({ alias }) => `is connected to ${alias}, and was parked`);
}

async function countContracts(
  target: ParticipantReads,
  input: { parties: { party: string }[]; workflowIdPrefix: string; synchronizerId: string },
): Promise<{ imported: FoundContracts; createdByOthers: number }> {
  const isOurs = isImportedBy(input.workflowIdPrefix);
  const imported = new FoundContracts();
  let createdByOthers = 0;
  for await (const contract of scanContracts(target, {
    parties: input.parties.map(({ party }) => party),
  })) {
    // What an earlier migration left on another synchronizer was there before.
    if (contract.synchronizerId !== input.synchronizerId) continue;
    if (isOurs(contract)) imported.add(contract.contractId);
    else createdByOthers += 1;
    progress({ imported: imported.count, createdByOthers });
  }
  return { imported, createdByOthers };
}
