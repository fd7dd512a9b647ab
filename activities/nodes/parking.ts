import { Context } from '@temporalio/activity';

import { listed } from '../../model/count.js';
import { refused } from '../../model/failure.js';
import type { Parked } from '../../model/source-watch.js';
import type { PartyMapping, Permission } from '../../model/participant.js';
import { migrationId } from '../../model/plan.js';
import { MIGRATE_WORKFLOW, SEARCH_ATTRIBUTES, type ParkRequest } from '../../model/steering.js';
import { ensureIsolated } from './connections.js';
import type { Participants } from './participants.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { assertTwo, readNode, refOf, type NodeReading } from '../plan/nodes.js';

/** From the one that can do least. */
const PERMISSIONS: Permission[] = ['observation', 'confirmation', 'submission'];

export function parkingActivities(participants: Participants) {
  return {
    /**
     * Ensures that a participant is disconnected everywhere and stays so, and returns how it stands then.
     *
     * Only where another participant serves the parties that this one hosts (some of them, with `force`): fails with
     * `ServesAgain` and `PartiesNotServed`, and nothing is changed. The caller has both nodes, so that no migration is
     * about either of the two. Safe to repeat.
     */
    async ensureParked({ participant, servedBy, force = false }: ParkRequest): Promise<Parked> {
      const parkedNode = await readNode(participants.named(participant));
      const servingNode = await readNode(participants.named(servedBy));
      assertTwo(parkedNode, servingNode);
      await assertLeft(parkedNode, servingNode);
      const parked = participants.change(refOf(parkedNode));
      const serving = participants.read(refOf(servingNode));
      const { hosted, missing } = await readServed(parked, parkedNode, serving, servingNode);
      if (missing.length > 0 && (!force || missing.length === hosted)) {
        throw refused(
          'PartiesNotServed',
          `${servedBy} does not serve ${missing.length} of the ${hosted} parties that ${participant} hosts: ${listed(missing)}`,
        );
      }
      await ensureIsolated(parked);
      const aliases = (await parked.synchronizers.listRegistered()).map(
        ({ alias, isConnected, isManualConnect }) => ({ alias, isConnected, isManualConnect }),
      );
      return { aliases, hosted, served: hosted - missing.length };
    },
  };
}

/** Asks Temporal, which may have forgotten what ended long ago. */
async function assertLeft(parked: NodeReading, serving: NodeReading): Promise<void> {
  const [left, returned] = [await lastStart(parked, serving), await lastStart(serving, parked)];
  if (returned > left) {
    const id = migrationId(serving.status.uid);
    throw refused(
      'ServesAgain',
      `the last migration of the two went from ${serving.name} to ${parked.name} (${id}), which serves since`,
    );
  }
}

/** When the last migration between two nodes began that went well, milliseconds; 0 if none is known. */
async function lastStart(from: NodeReading, to: NodeReading): Promise<number> {
  const { source, target } = SEARCH_ATTRIBUTES;
  const migrations = await listMigrations(
    `ExecutionStatus = "Completed" AND ${source} = "${from.status.uid}" AND ${target} = "${to.status.uid}"`,
  );
  return Math.max(0, ...migrations.map(({ startTime }) => startTime.getTime()));
}

async function listMigrations(condition: string) {
  const query = `WorkflowType = "${MIGRATE_WORKFLOW}" AND ${condition}`;
  const found = [];
  for await (const execution of Context.current().client.workflow.list({ query })) found.push(execution);
  return found;
}

/** What is out of service once the one node is parked: the other has to serve a party, and without that node. */
async function readServed(
  parked: ParticipantReads,
  parkedNode: NodeReading,
  serving: ParticipantReads,
  servingNode: NodeReading,
): Promise<{ hosted: number; missing: string[] }> {
  const { uid } = parkedNode.status;
  const known = parkedNode.registered.filter(({ logicalId }) => logicalId !== '');
  const connected = servingNode.registered.filter(({ isConnected }) => isConnected);
  const hosted = await readHosted(parked, parkedNode, known, ({ party }) => party !== uid);
  const served = await readHosted(
    serving,
    servingNode,
    connected,
    ({ hosts }) => !hosts.some(({ participantUid }) => participantUid === uid),
  );
  const missing = [...hosted].filter(([party, rank]) => (served.get(party) ?? -1) < rank);
  return { hosted: hosted.size, missing: missing.map(([party]) => party) };
}

/** What a node may do for each party that it hosts somewhere: the place in {@link PERMISSIONS}; less than any while it is onboarding. */
async function readHosted(
  { topology }: ParticipantReads,
  { status: { uid } }: NodeReading,
  registered: NodeReading['registered'],
  isMeant: (mapping: PartyMapping) => boolean,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const synchronizerId of new Set(registered.map(({ logicalId }) => logicalId))) {
    const mappings = await topology.listPartyMappings({ synchronizerId }, { participantUid: uid });
    for (const mapping of mappings.filter(isMeant)) {
      const host = mapping.hosts.find(({ participantUid }) => participantUid === uid);
      const rank = host && !host.isOnboarding ? PERMISSIONS.indexOf(host.permission) : -1;
      found.set(mapping.party, Math.max(rank, found.get(mapping.party) ?? -1));
    }
  }
  return found;
}
