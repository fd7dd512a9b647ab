import type { Activities } from '../../../activities/index.js';
import type { LiveRecord } from '../../../model/live.js';
import type { TransferRecord } from '../../../model/migration.js';
import type { HashedPlan, MigrationPlan } from '../../../model/plan.js';
import type { Explained } from '../../../model/report.js';
import { uploadedBy, vettedBy } from '../migrate-dars.js';
import { counted, nodesOf, refOf } from '../plan-input.js';
import { hostOf, windowOf } from './live-input.js';
import { copyGroups, sealOf } from './transfer-active-contracts.js';
import { notEqual } from '../verify.js';
import { compare, repair } from './verify.js';

/**
 * Take the target back as a host; the source serves throughout.
 *
 * By the source, before any connect of the target; by the target itself, once it is connected, where the root key of the
 * parties is offline. Source: Canton facts, live route 8, and 5.4.
 */
export async function withdrawHosting(
  { plan }: HashedPlan,
  act: Activities,
  live: LiveRecord,
  signer: 'source' | 'target',
): Promise<string[]> {
  if (!live.isActivationBegun) return [];
  const { withdrawn } = await act.withdrawOnboarding({ ...hostOf(plan), signer });
  if (withdrawn === 0) return [];
  return [
    `${plan.source.name} alone hosts ${counted(withdrawn, 'party', 'parties')} again; it served throughout`,
  ];
}

/**
 * Leave in `live` which parties had become active: for these the target has to have every contract before it may be
 * connected, also when it is no host any more.
 */
export async function findActivations(
  { plan }: HashedPlan,
  act: Activities,
  live: LiveRecord,
): Promise<void> {
  if (!live.isActivationBegun || live.groups.length > 0) return;
  const beginExclusive = live.sourceOffset!;
  Object.assign(live, await act.findActivations({ ...hostOf(plan), beginExclusive }));
}

/**
 * Give a target that was a host everything it needs to be connected, and connect it: the contracts it lacks of those at
 * the activation, proven equal. Fails as the copy and the comparison do; the target stays disconnected then.
 */
export async function completeCopy(
  planned: HashedPlan,
  act: Activities,
  live: LiveRecord,
  record: TransferRecord,
): Promise<void> {
  if (!live.isProven) {
    await copyGroups(planned, act, live, record);
    let compared = await compare(planned, act, live);
    if (!compared.isEqual) {
      await repair(planned, act, live);
      compared = await compare(planned, act, live);
    }
    if (!compared.isEqual) throw notEqual(compared);
    Object.assign(live, { isProven: true, provenLedgerEnd: compared.targetLedgerEnd });
  }
  // Also where it was connected, or nearly, before the abort: whether it still is what was proven is read each time.
  await act.reconnectOnboarded({
    ...hostOf(planned.plan),
    window: windowOf(live),
    verifiedLedgerEnd: live.provenLedgerEnd!,
  });
}

/** Take the contracts off a target that is no host any more, once it has caught up; it is connected again afterwards. */
export async function clearTarget({ plan }: HashedPlan, act: Activities): Promise<string[]> {
  const { target } = plan;
  await act.awaitCaughtUp(hostOf(plan));
  await act.isolateTarget(nodesOf(plan));
  const { purged } = await act.purgeHosted(hostOf(plan));
  return purged > 0 ? [`${counted(purged, 'contract')} purged from ${target.name}`] : [];
}

/** Connect a target that holds nothing of the parties to their synchronizer, by hand: its vetting is taken back there. */
export async function connect({ plan }: HashedPlan, act: Activities): Promise<void> {
  const { alias, logicalId: synchronizerId } = plan.target.synchronizer;
  const connections = [{ alias, isConnected: true, isManualConnect: true }];
  await act.connectTarget({ target: refOf(plan.target), synchronizerId, connections });
}

/** Connect the target exactly as before the migration; a synchronizer that it joined for it is left. */
export async function restore({ plan }: HashedPlan, act: Activities): Promise<string[]> {
  const { target } = plan;
  if (plan.live!.joins) await act.isolateTarget(nodesOf(plan));
  await act.connectTarget({
    target: refOf(target),
    synchronizerId: target.synchronizer.logicalId,
    connections: target.connections,
  });
  return [`${target.name} connected as before`];
}

/** Whether somebody connected the target before it had every contract: then nothing heals it. */
export async function isExposed(
  { plan }: HashedPlan,
  act: Activities,
  live: LiveRecord,
): Promise<boolean> {
  if (live.groups.length === 0 || live.isProven) return false;
  const { hasSeen } = await act.readSeenActivation(sealOf(plan, live));
  return hasSeen;
}

/** What stays of a target that must not be connected any more, and how to get it back. */
export function remains(plan: MigrationPlan, leftIsolated: string, record: TransferRecord): Explained[] {
  const { source, target } = plan;
  const vetted = vettedBy(plan, record);
  const copied = [
    ...uploadedBy(plan, record).map(({ name }) => `DAR ${name}`),
    ...(vetted.length > 0 ? [`the vetting of ${counted(vetted.length, 'package')}`] : []),
    ...(plan.localState ? ['users, rights, identity providers, annotations of parties and limits'] : []),
  ];
  return [
    {
      what: `${target.name}, which must not be connected any more`,
      why: `${leftIsolated}. Rebuild it from an empty database, with a new uid, and start again; nothing is lost on ${source.name}`,
    },
    ...(copied.length > 0
      ? [
          {
            what: `what was copied to ${target.name}: ${copied.join(', ')}`,
            why: 'its vetting changes only while it is connected, and all of it goes with its database',
          },
        ]
      : []),
    ...(plan.live!.proposalSigner === 'offline'
      ? [
          {
            what: `${target.name} as a host of the parties in topology, beside ${source.name}`,
            why: 'only the offline root key can sign its removal, party by party; submissions go on without it',
          },
        ]
      : []),
  ];
}
