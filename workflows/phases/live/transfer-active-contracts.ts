import type { Activities } from '../../../activities/index.js';
import { copiedCount, type ActivationGroup, type LiveRecord } from '../../../model/live.js';
import type { Migration, TransferRecord } from '../../../model/migration.js';
import type { HashedPlan, MigrationPlan } from '../../../model/plan.js';
import { movedParties } from '../../../model/plan.js';
import { bringLate, lateChanges, uploadLate } from '../migrate-dars.js';
import { counted, importPrefix, nodesOf, refOf } from '../plan-input.js';
import { groupInput, onboardingOf, windowOf } from './live-input.js';
import * as recreateParties from './recreate-parties.js';

/** Disconnect the target from every synchronizer, before the backup and the activation. The source goes on serving. */
export async function isolate(
  plan: MigrationPlan,
  act: Activities,
  { live, transfer }: Pick<Migration, 'transfer'> & { live: LiveRecord },
): Promise<void> {
  // The last time that the target may be connected for its vetting before it becomes a host.
  if (live.targetOffset === undefined) await bringLate(plan, act, transfer);
  const { ledgerEnd } = await act.isolateTarget(nodesOf(plan));
  live.targetOffset ??= ledgerEnd;
}

/**
 * Make the target a host of the parties, and give it their contracts while it is disconnected.
 *
 * From the activation until every contract is there the target must not connect: the activities check it before each
 * call, and nothing here connects it. What the source exports is the set at the offset of the activation, no later one:
 * everything since reaches the target by itself. Source: Canton facts, live route 1 and 2.
 */
export async function apply(
  planned: HashedPlan,
  act: Activities,
  {
    live,
    transfer: record,
    signatures,
  }: Pick<Migration, 'transfer' | 'signatures'> & { live: LiveRecord },
): Promise<string[]> {
  const { plan } = planned;
  const { isProposalEffective } = plan.live!;
  if (!live.isActivationBegun) {
    await isolate(plan, act, { live, transfer: record });
    const { add, former } = plan.vetting;
    const packageIds = [...add, ...former].map(({ packageId }) => packageId);
    await act.readKnownVetting({ ...onboardingOf(plan), packageIds });
    if (!isProposalEffective) await recreateParties.propose(plan, act, signatures);
    live.sourceOffset = (await act.readLedgerEnd({ participant: refOf(plan.source) })).ledgerEnd;
    live.isActivationBegun = true;
  }
  if (isProposalEffective) await recreateParties.propose(plan, act, signatures, windowOf(live));
  const activation = {
    ...onboardingOf(plan),
    parties: movedParties(plan),
  };
  await act.activateParties({ ...activation, beginExclusive: live.targetOffset! });
  if (live.groups.length === 0) {
    const beginExclusive = live.sourceOffset!;
    Object.assign(live, await act.readActivations({ ...activation, beginExclusive }));
  }
  // Whatever the contracts at the activation need was there before it. A target restored from its backup needs it again.
  await uploadLate(plan, act, record);
  await copyGroups(planned, act, live, record);
  return [
    ...lateChanges(plan, record),
    activated(live.groups),
    `${counted(copiedCount(live), 'contract')} imported, exported at the offset of ${live.groups.length === 1 ? 'the activation' : 'each activation'}`,
  ];
}

/** More groups are told by the first and the last of them. */
const GROUPS_NAMED = 3;

/** When which parties became active: a hundred become so at a time. */
function activated(groups: readonly ActivationGroup[]): string {
  const [first, last] = [groups[0]!.offset, groups.at(-1)!.offset];
  const total = groups.reduce((sum, { parties }) => sum + parties.length, 0);
  const all = `${counted(total, 'party', 'parties')} became active on the target`;
  if (groups.length === 1) return `${all} at offset ${first} of the source`;
  if (groups.length > GROUPS_NAMED)
    return `${all} in ${groups.length} groups, at offsets ${first} to ${last} of the source`;
  const each = groups.map(({ offset, parties }) => `${parties.length} at offset ${offset}`);
  return `${all}, ${each.join(', ')} of the source`;
}

/** Group by group; one that is copied is not looked at again. */
export async function copyGroups(
  planned: HashedPlan,
  act: Activities,
  live: LiveRecord,
  record: TransferRecord,
): Promise<void> {
  while (live.copied.length < live.groups.length) {
    const index = live.copied.length;
    const input = {
      ...groupInput(planned, live, index),
      workflowIdPrefix: `${importPrefix(planned.hash)}g${index}`,
      importedBefore: copiedCount(live),
    };
    record.copyOffset = input.offset;
    if (planned.plan.live!.staleOnTarget > 0) {
      // Of an earlier attempt: what is gone since is purged, what is missing imported.
      const { alias } = planned.plan.target.synchronizer;
      const { sent } = await act.repairDifferences({ ...input, alias });
      live.copied.push(sent);
      continue;
    }
    const { exported, checkpoint } = await act.copyActiveContracts({
      ...input,
      targetLedgerEnd: record.targetLedgerEnd ?? live.targetOffset!,
      ...(record.checkpoint && { checkpoint: record.checkpoint }),
    });
    record.targetLedgerEnd = checkpoint.targetLedgerEnd;
    live.copied.push(exported.total.contractCount);
    delete record.checkpoint;
  }
}

/** Copies every group from its beginning at the next attempt. */
export function forget(live: LiveRecord, record: TransferRecord): void {
  live.copied = [];
  delete record.checkpoint;
  delete record.copyOffset;
  delete record.targetLedgerEnd;
}

/** Whether the target may be connected, as far as is known: nobody connected it since it became a host. */
export function sealOf(plan: MigrationPlan, live: LiveRecord) {
  return { target: refOf(plan.target), parties: movedParties(plan), window: windowOf(live) };
}
