import type { Activities } from '../../activities/index.js';
import { mismatch } from '../../model/failure.js';
import { movedParties, type HashedPlan } from '../../model/plan.js';
import type { Verification } from '../../model/report.js';
import { counted, nodesOf } from './plan-input.js';
import { exportInput } from './transfer-active-contracts.js';

/** Compare the contracts of every party on both nodes, before the cut-over: nothing is changed. */
export async function compare(
  plan: HashedPlan,
  act: Activities,
  pinnedOffset: string,
): Promise<Verification> {
  return act.compareActiveContracts(exportInput(plan, pinnedOffset));
}

/** Whether the target is still as it was compared. Fails if somebody connected it meanwhile. */
export async function isCurrent(
  { plan }: HashedPlan,
  act: Activities,
  verification: Verification,
): Promise<boolean> {
  const { ledgerEnd } = await act.readFrozenTarget({ target: plan.target.name });
  return ledgerEnd === verification.targetLedgerEnd;
}

/** The failure of a comparison that is not equal, with the first differences. */
export function notEqual({ differences, differenceCount }: Verification) {
  const named = differences
    .slice(0, 5)
    .map((its) => `${its.contractId} ${its.kind} (${its.parties.join(', ')})`);
  return mismatch(
    'NotVerified',
    `${differenceCount} contracts differ between source and target: ${named.join('; ')}`,
  );
}

/** Read, after the cut-over, that the target serves what the source did. Source: Canton facts 5.8. */
export async function apply(
  { plan }: HashedPlan,
  act: Activities,
  verification: Verification,
): Promise<string[]> {
  const { hosted, vetted } = await act.readServingState({
    ...nodesOf(plan),
    parties: movedParties(plan),
    packageIds: plan.vetting.add.map(({ packageId }) => packageId),
  });
  return [
    `${counted(verification.contractCount, 'contract')} equal on source and target`,
    `${counted(hosted, 'party', 'parties')} local on ${plan.target.name}, ${counted(vetted, 'package')} vetted`,
  ];
}
