import type { SharedTransaction } from '../exchange.js';
import type { TopologyPort } from '../node.js';
import type { Damage } from './damage.js';
import type { Progress } from './entry.js';
import type { Ledger } from './ledger.js';
import { unassigning } from './reassigning.js';

/** What a node processes shared transactions with. */
export interface Receiver {
  readonly uid: string;
  readonly ledger: Ledger;
  readonly damage: Damage;
  readonly topology: TopologyPort;
}

/**
 * Writes the part of a shared transaction that concerns this node: contracts of which it hosts a stakeholder at that time.
 *
 * What cannot be is tolerated and remembered: the end of a contract that is not active here, the beginning of one that is
 * known here. Source: live-route 6.
 */
export function receive(
  receiver: Receiver,
  transaction: SharedTransaction,
  place: { readonly logicalId: string; readonly progress: Progress },
): void {
  const { ledger, uid } = receiver;
  const { logicalId: synchronizerId, progress } = place;
  const concerns = hostedBy(receiver, transaction.recordTimeMicros, synchronizerId);
  const { recordTimeMicros, effectiveAtMicros, updateId, workflowId } = transaction;
  const note = (contractId: string, kind: 'archived' | 'created') =>
    receiver.damage.note({ contractId, synchronizerId, kind, recordTimeMicros });

  if (transaction.unassigned) {
    const { contractId, stakeholders, ...unassignment } = transaction.unassigned;
    if (!concerns(stakeholders)) return;
    const slot = ledger.find(contractId);
    if (slot === undefined || !ledger.isActive(slot)) return note(contractId, 'archived');
    const times = { recordTimeMicros, effectiveAtMicros };
    ledger.commit([{ synchronizerId, updateId, ...times, ...unassigning(slot, unassignment) }], {
      progress,
    });
    return;
  }
  const archived = transaction.archived.filter(({ stakeholders }) => concerns(stakeholders));
  const ended: { slot: number; end: 'archived' }[] = [];
  for (const { contractId } of archived) {
    const slot = ledger.index.findOn(contractId, synchronizerId);
    if (slot !== undefined && ledger.isActive(slot)) ended.push({ slot, end: 'archived' });
    else note(contractId, 'archived');
  }
  let created = 0;
  for (const contract of transaction.created) {
    if (!concerns([...contract.signatories, ...contract.observers])) continue;
    if (ledger.find(contract.contractId) !== undefined) {
      note(contract.contractId, 'created');
      continue;
    }
    const representativePackageId = contract.template.packageId;
    ledger.append(contract, { synchronizerId, representativePackageId, reassignmentCounter: 0 });
    created += 1;
  }
  if (created + ended.length === 0) return;
  const own = transaction.submitterUid === uid ? transaction : undefined;
  const submission = own?.submission;
  const entry = {
    synchronizerId,
    updateId,
    workflowId,
    recordTimeMicros,
    effectiveAtMicros,
    created,
    ended,
    commandId: own?.commandId ?? '',
    ...(submission && { submission }),
  };
  ledger.commit([entry], { progress });
}

function hostedBy({ uid, topology }: Receiver, timeMicros: number, logicalId: string) {
  const order = topology.order(logicalId);
  return (parties: readonly string[]) =>
    parties.some((party) =>
      order?.hostsAt(party, timeMicros).some((host) => host.participant_uid === uid),
    );
}
