import { Context } from '@temporalio/activity';

import { listed, refused } from '../model/failure.js';
import type { FencedAlias } from '../model/fence.js';
import type { Permission } from '../model/participant.js';
import { migrationId } from '../model/plan.js';
import { MIGRATE_WORKFLOW, SEARCH_ATTRIBUTES, type ParkRequest } from '../model/steering.js';
import { ensureIsolated } from './connections.js';
import { Custody } from './custody.js';
import type { Participants } from './index.js';
import type { Participant } from './participant.js';
import { assertTwo, readNode, type NodeReading } from './plan-nodes.js';

/** From the one that can do least. */
const PERMISSIONS: Permission[] = ['observation', 'confirmation', 'submission'];

export function parkingActivities(participants: Participants) {
  return {
    /**
     * Ensures that a participant is disconnected everywhere and stays so, and returns how its aliases stand then.
     *
     * Only where another participant serves the parties that this one hosts (some of them, with `force`), and no
     * migration is about either of the two: fails with `MigrationOpen`, `ServesAgain` and `PartiesNotServed`, and
     * nothing is changed. Safe to repeat.
     */
    async ensureParked({ participant, servedBy, force = false }: ParkRequest): Promise<FencedAlias[]> {
      const [parked, serving] = [participants(participant), participants(servedBy)];
      const [parkedNode, servingNode] = [await readNode(parked), await readNode(serving)];
      assertTwo(parkedNode, servingNode);
      await assertNotMigrating(parkedNode, servingNode);
      const { hosted, missing } = await readServed(parked, parkedNode, serving, servingNode);
      if (missing.length > 0 && (!force || missing.length === hosted)) {
        throw refused(
          'PartiesNotServed',
          `${servedBy} does not serve ${missing.length} of the ${hosted} parties that ${participant} hosts: ${listed(missing)}`,
        );
      }
      await new Custody().prove();
      await ensureIsolated(parked);
      const registered = await parked.synchronizers.listRegistered();
      return registered.map(({ alias, isConnected, isManualConnect }) => ({
        alias,
        isConnected,
        isManualConnect,
      }));
    },
  };
}

/** Asks Temporal, which may have forgotten what ended long ago. */
async function assertNotMigrating(parked: NodeReading, serving: NodeReading): Promise<void> {
  const uids = `("${parked.status.uid}", "${serving.status.uid}")`;
  const { source, target } = SEARCH_ATTRIBUTES;
  const [open] = await listMigrations(
    `ExecutionStatus = "Running" AND (${source} IN ${uids} OR ${target} IN ${uids})`,
  );
  if (open) {
    throw refused('MigrationOpen', `${open.workflowId} is open, and is about one of the two nodes`);
  }
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

/** Which parties are out of service once the one node is parked: the other has to serve a party, and without that node. */
async function readServed(
  parked: Participant,
  parkedNode: NodeReading,
  serving: Participant,
  servingNode: NodeReading,
): Promise<{ hosted: number; missing: string[] }> {
  const { uid } = parkedNode.status;
  const known = parkedNode.registered.filter(({ logicalId }) => logicalId !== '');
  const connected = servingNode.registered.filter(({ isConnected }) => isConnected);
  const served = new Map<string, number>();
  for (const { party, hosts, host } of await listHosted(serving, servingNode, connected)) {
    const isShared = hosts.some(({ participantUid }) => participantUid === uid);
    if (!isShared && !host.isOnboarding) served.set(party, PERMISSIONS.indexOf(host.permission));
  }
  const hosted = (await listHosted(parked, parkedNode, known)).filter(({ party }) => party !== uid);
  const missing = hosted
    .filter(({ party, host }) => (served.get(party) ?? -1) < PERMISSIONS.indexOf(host.permission))
    .map(({ party }) => party);
  return { hosted: hosted.length, missing };
}

async function listHosted(
  { topology }: Participant,
  { status: { uid } }: NodeReading,
  registered: NodeReading['registered'],
) {
  const found = [];
  for (const synchronizerId of new Set(registered.map(({ logicalId }) => logicalId))) {
    const mappings = await topology.listPartyMappings({ synchronizerId }, { participantUid: uid });
    for (const mapping of mappings) {
      const host = mapping.hosts.find(({ participantUid }) => participantUid === uid);
      if (host) found.push({ ...mapping, host });
    }
  }
  return found;
}
