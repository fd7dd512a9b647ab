import type { NodeLeft, NodesToLookAt } from '../../model/left-on-nodes.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { scanContracts } from '../contracts/active-contracts.js';
import { isImported } from '../contracts/imported.js';
import type { Participants } from './participants.js';

export function leftOnNodesActivities(participants: Participants) {
  return {
    /**
     * Returns what two nodes say of themselves, whatever a migration of them knows: connections, hosting, limits,
     * and their contracts. One that does not answer says why. Reads only.
     */
    async readNodesLeft({ source, target }: NodesToLookAt): Promise<NodeLeft[]> {
      const nodes = [participants.named(source), participants.named(target)] as const;
      const uids = await Promise.all(nodes.map(uidOf));
      return [await looked(nodes[0], uids[1]), await looked(nodes[1], uids[0])];
    },
  };
}

async function uidOf({ health }: ParticipantReads): Promise<string | undefined> {
  try {
    return await health.readUid();
  } catch {
    return undefined;
  }
}

async function looked(node: ParticipantReads, otherUid: string | undefined): Promise<NodeLeft> {
  progress({ reading: node.name });
  try {
    return await readLeft(node, otherUid);
  } catch (error) {
    const { kind, message } = error as Error & { kind?: unknown };
    if (kind === undefined) throw error;
    return { name: node.name, problem: message };
  }
}

async function readLeft(node: ParticipantReads, otherUid: string | undefined): Promise<NodeLeft> {
  const uid = await node.health.readUid();
  const registered = await node.synchronizers.listRegistered();
  const { maxSubmissionRate, maxInflightValidationRequests } = await node.health.readResourceLimits();
  const hosting: NonNullable<NodeLeft['hosting']> = [];
  for (const { alias, logicalId } of registered.filter((its) => its.logicalId !== ''))
    hosting.push({ alias, ...(await readHosting(node, logicalId, uid, otherUid)) });
  const contracts = { active: 0, imported: 0 };
  const parties = await node.ledger.listLocalParties();
  for await (const contract of scanContracts(node, {
    parties,
    waitingFor: `contracts of ${node.name}`,
  })) {
    contracts.active += 1;
    if (isImported(contract)) contracts.imported += 1;
  }
  return {
    name: node.name,
    uid,
    aliases: registered.map(({ alias, isConnected, isManualConnect }) => ({
      alias,
      isConnected,
      isManualConnect,
    })),
    ledgerEnd: await node.ledger.readLedgerEnd(),
    limits: {
      ...(maxSubmissionRate !== undefined && { maxSubmissionRate }),
      ...(maxInflightValidationRequests !== undefined && { maxInflightValidationRequests }),
    },
    hosting,
    contracts,
  };
}

async function readHosting(
  { topology }: ParticipantReads,
  synchronizerId: string,
  uid: string,
  otherUid: string | undefined,
) {
  const mappings = await topology.listPartyMappings({ synchronizerId }, { participantUid: uid });
  const its = mappings.filter(({ party }) => party !== uid && party !== otherUid);
  const hosts = (who: string | undefined, isOnboarding?: true) =>
    its.filter((mapping) =>
      mapping.hosts.some(
        (host) => host.participantUid === who && (!isOnboarding || host.isOnboarding === true),
      ),
    ).length;
  const vetted = await topology.findVettedPackages({ synchronizerId }, uid);
  return {
    parties: its.length,
    onboarding: hosts(uid, true),
    both: hosts(otherUid),
    vetted: vetted?.packages.length ?? 0,
  };
}
