import type { Activities } from '../../../activities/index.js';
import { mismatch } from '../../../model/failure.js';
import type { Migration } from '../../../model/migration.js';
import type { LivePlan } from '../../../model/plan.js';
import type { Explained } from '../../../model/report.js';
import type { LiveRun } from '../../run.js';
import { noteJoined } from '../connections.js';
import { counted } from '../../../model/count.js';
import { neededOf, refOf } from '../../../model/plan-parts.js';
import type { OnboardingWindow } from '../../../activities/hosting/window.js';
import { withSignatures } from '../signed-hostings.js';
import { awaitTraffic } from '../traffic.js';
import { onboardingOf, proposalsOf } from './live-input.js';

/** Connect the target to the synchronizer. Ahead of the delegation, which shows there. */
export async function join(plan: LivePlan, act: Activities): Promise<string[]> {
  const { alias } = plan.source.synchronizer;
  const { isNew } = await act.ensureJoined({ ...onboardingOf(plan), alias });
  return isNew ? [`${plan.target.name} joined ${alias}`] : [];
}

/**
 * Find out whether the target can serve there, before anything depends on it. It hosts none of the parties
 * yet.
 */
export async function check(plan: LivePlan, act: Activities): Promise<string[]> {
  const { alias } = plan.target.synchronizer;
  const { isConnected } = await act.checkTarget({
    ...onboardingOf(plan),
    alias,
    needs: neededOf(plan),
    parties: [],
  });
  if (isConnected) return [];
  throw mismatch(
    'NotConnected',
    `${plan.target.name}: expected connected to ${alias}, found disconnected`,
  );
}

/**
 * Have the source propose the target as a further host of every party that moves.
 *
 * Nothing takes effect: the target has not signed. Manual connect comes first, on every alias, because from
 * the activation on a target that comes back by itself is destroyed. Source: live-route 2, steps 1 to 3.
 */
export async function apply(
  plan: LivePlan,
  act: Activities,
  migration: Pick<Migration, 'hostings' | 'transfer'>,
): Promise<string[]> {
  const { source, target, live } = plan;
  await awaitTraffic(plan, act);
  await noteJoined(plan, act, migration.transfer, 'target');
  await act.ensureManualConnect({ target: refOf(target) });
  const isolated = `${target.name} no longer connects to anything by itself`;
  const { proposed } = await propose(plan, act, migration, { isEarly: live.isProposalEffective });
  return [
    isolated,
    ...(live.isProposalEffective
      ? [
          `what ${source.name} signs is not proposed yet: it signs for ${target.name} too, and it would take effect at once`,
        ]
      : []),
    ...(proposed > 0
      ? [`${counted(proposed, 'party', 'parties')} proposed for ${target.name}, not in effect`]
      : []),
  ];
}

/**
 * Repeated before the activation: a mapping that was changed meanwhile needs a proposal of its own.
 * Signatures of keys that no participant has are for the mappings as they were. With a window a proposal may
 * be the activation itself.
 */
export async function propose(
  plan: LivePlan,
  act: Activities,
  migration: Pick<Migration, 'hostings'>,
  how: { window?: OnboardingWindow; isEarly?: boolean } = {},
): Promise<{ proposed: number }> {
  const input = { ...proposalsOf(plan), ...how };
  return withSignatures(plan, act, migration, (signed) =>
    act.ensureOnboardingProposed({ ...input, ...signed }),
  );
}

/** What stays after an abort, and why. */
export function remains({ plan, live }: LiveRun): Explained[] {
  const { source, target } = plan;
  const raised = {
    what: 'raised serials of the mappings of the parties',
    why: 'a serial never goes down',
  };
  const proposed = {
    what: `proposals of ${source.name} to host the parties on ${target.name}, and raised serials of their mappings`,
    why: `a proposal cannot be taken back; without a signature of ${target.name} it does not take effect`,
  };
  const signed = {
    what: `possibly proposals to host parties on ${target.name} that it has signed, and owners of their namespaces have not all`,
    why:
      `the last signature of an owner makes ${target.name} a host without contracts, which destroys it while it is connected. ` +
      `Before you connect it again, or use it, list the proposals of the parties on ${source.name}: if ${target.name} has signed one, ` +
      'have its owners sign nothing of it, and have them change the hosting once, which makes every proposal of that serial void',
  };
  // What the target adds itself is refused where it does not suffice; what the source signs for it may stay a
  // proposal.
  const isSigning =
    live.isActivationBegun && plan.live.isProposalEffective && plan.live.signedByOthers > 0;
  return [plan.live.isProposalEffective ? raised : proposed, ...(isSigning ? [signed] : [])];
}

/** What stays of the join after an abort, and why. */
export function joined({ target }: LivePlan): Explained[] {
  return [
    {
      what: `the registration of ${target.name} with ${target.synchronizer.alias}, disconnected`,
      why: 'a registration cannot be removed, nor can a participant leave a synchronizer; it hosts no party there',
    },
  ];
}
