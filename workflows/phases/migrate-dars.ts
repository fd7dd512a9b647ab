import type { Activities } from '../../activities/index.js';
import { isReturn, type MigrationPlan } from '../../model/plan.js';
import type { Explained } from '../../model/report.js';
import { counted, nodesOf } from './plan-input.js';

/**
 * Give the target every DAR it lacks, then the source's vetting state: no package becomes usable that was not.
 *
 * Additive; `undo` unvets and removes what was added. Source: Canton facts 5.6.
 */
export async function apply(plan: MigrationPlan, act: Activities): Promise<string[]> {
  const changed: string[] = [];
  for (const dar of added(plan)) {
    const { isNew } = await act.ensureDar({ ...nodesOf(plan), dar });
    if (isNew) changed.push(`DAR ${dar.name} ${dar.version} uploaded`);
  }
  if (!isReturn(plan)) return [...changed, ...(await vet(plan, act))];
  const later = plan.vetting.add.length;
  return later === 0
    ? changed
    : [
        ...changed,
        `${counted(later, 'package')} to vet after the cut-over: ${plan.target.name} is parked`,
      ];
}

/** The vetting alone, on a target that is connected; one that was parked is so only after the cut-over. */
export async function vet(plan: MigrationPlan, act: Activities): Promise<string[]> {
  const { added: vetted, unknown } = await act.ensureVetting({
    ...nodesOf(plan),
    add: plan.vetting.add,
  });
  return [
    ...(vetted > 0 ? [`${counted(vetted, 'package')} vetted`] : []),
    ...(unknown.length > 0
      ? [`${counted(unknown.length, 'built-in package')} of the source left unvetted`]
      : []),
  ];
}

/** Unvet before removing: a vetted DAR cannot be removed. The target has to be connected, unless it was parked before. */
export async function undo(plan: MigrationPlan, act: Activities): Promise<string[]> {
  const changed: string[] = [];
  if (!isReturn(plan)) {
    const remove = plan.vetting.add.map(({ packageId }) => packageId);
    const { removed } = await act.withdrawVetting({ ...nodesOf(plan), remove });
    if (removed > 0) changed.push(`${counted(removed, 'package')} unvetted`);
  }
  for (const dar of added(plan)) {
    const { isNew } = await act.removeDar({ target: plan.target.name, dar });
    if (isNew) changed.push(`DAR ${dar.name} ${dar.version} removed`);
  }
  return changed;
}

/** What stays after an abort, and why. */
export function remains(plan: MigrationPlan): Explained[] {
  if (added(plan).length === 0) return [];
  return [
    {
      what: `packages that the removed DARs depend on, in the package store of ${plan.target.name}`,
      why: 'removing a DAR leaves them; they are not vetted, so nothing can use them',
    },
  ];
}

function added(plan: MigrationPlan) {
  return plan.dars.filter(({ action }) => action === 'upload');
}
