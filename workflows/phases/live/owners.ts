import { counted } from '../../../model/count.js';
import type { LiveRun } from '../../run.js';
import { withSignatures } from '../signed-hostings.js';
import { proposalsOf } from './live-input.js';
import { propose } from './recreate-parties.js';

/**
 * Wait until everybody else has signed whose signature the parties need: with signatures that are handed in, or on nodes of
 * their own, where the proposals are. Nothing is in effect before the target signs.
 *
 * One activity for as long as nothing changes, so that history does not grow. Source: networks D.
 */
export async function awaitOwners(run: LiveRun): Promise<string[]> {
  const { plan, act, migration, live } = run;
  const unless = run.unless ?? (async (_, work) => work());
  for (;;) {
    await propose(plan, act, migration, { isEarly: plan.live.isProposalEffective });
    const given = migration.hostings?.signatures;
    const known = live.awaited && { known: live.awaited };
    const awaited = await unless(
      () => migration.hostings?.signatures !== given,
      () =>
        withSignatures(plan, act, migration, (signed) =>
          act.awaitHostingSignatures({ ...proposalsOf(plan), ...signed, ...known }),
        ),
    );
    if (!awaited) continue;
    if (awaited.parties === 0) break;
    live.awaited = awaited;
  }
  delete live.awaited;
  const count = counted(plan.live.signedByOthers, 'party', 'parties');
  return [`signed by others: the hosting of ${count} that ${plan.source.name} has no key for`];
}
