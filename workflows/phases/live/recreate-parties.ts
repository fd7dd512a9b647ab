import type { Activities } from '../../../activities/index.js';
import type { MigrationPlan } from '../../../model/plan.js';
import type { Explained } from '../../../model/report.js';
import { counted } from '../plan-input.js';
import { onboardingOf } from './live-input.js';

/**
 * Have the source propose the target as a further host of every party that moves.
 *
 * Nothing takes effect: the target has not signed. Manual connect comes first, on every alias, because from the
 * activation on a target that comes back by itself is destroyed. Source: Canton facts, live route 2, steps 1 to 3.
 */
export async function apply(plan: MigrationPlan, act: Activities): Promise<string[]> {
  await act.ensureManualConnect({ target: plan.target.name });
  const { proposed } = await propose(plan, act);
  return [
    `${plan.target.name} connects to nothing by itself any more`,
    ...(proposed > 0
      ? [`${counted(proposed, 'party', 'parties')} proposed for ${plan.target.name}, not in effect`]
      : []),
  ];
}

/** Repeated before the activation: a mapping that was changed meanwhile needs a proposal of its own. */
export async function propose(plan: MigrationPlan, act: Activities): Promise<{ proposed: number }> {
  const parties = plan.parties
    .filter(({ treatment }) => treatment === 'move')
    .map(({ party, permission }) => ({ party, permission }));
  return act.ensureOnboardingProposed({ ...onboardingOf(plan), parties });
}

/** What stays after an abort, and why. */
export function remains(plan: MigrationPlan): Explained[] {
  const { source, target } = plan;
  return [
    {
      what: `proposals of ${source.name} to host the parties on ${target.name}, and raised serials of their mappings`,
      why: `a proposal cannot be taken back; without a signature of ${target.name} it never takes effect`,
    },
    ...(plan.live?.joins
      ? [
          {
            what: `the registration of ${target.name} with ${target.synchronizer.alias}, disconnected`,
            why: 'a participant cannot leave a synchronizer; it hosts no party there',
          },
        ]
      : []),
  ];
}
