import type { CompareInput } from '../../../activities/contracts/compare-input.js';
import type { HostInput } from '../../../activities/hosting/hosting.js';
import type { OnboardingInput } from '../../../activities/hosting/onboarding.js';
import type { OnboardingWindow } from '../../../activities/hosting/window.js';
import type { Activation, LiveRecord } from '../../../model/live.js';
import type { ByReference } from '../../../model/listed.js';
import { movedParties, type HashedPlan, type LivePlan } from '../../../model/plan.js';
import { nodesOf, refOf, wantedOf } from '../../../model/plan-parts.js';
import { SEGMENT_CONTRACTS } from '../export-input.js';

/** The parts of a plan that most activities of the live route take. */
export function onboardingOf(plan: LivePlan): OnboardingInput {
  return nodesOf(plan);
}

/** The same with the parties, the synchronizer as the target calls it, and what is proven of the target by now. */
export function hostOf(plan: LivePlan, live: LiveRecord): ByReference<HostInput> {
  const parties = movedParties(plan);
  const { provenLedgerEnd: ledgerEnd } = live;
  return {
    ...nodesOf(plan),
    alias: plan.target.synchronizer.alias,
    parties,
    ...(ledgerEnd !== undefined && { proof: { ...windowOf(live), ledgerEnd } }),
  };
}

/** The counter-participants of whom the plan knew that they are silent or disagree, or whom the request excepts. */
export function unreliableOf({ live: { unreliable } }: LivePlan) {
  return unreliable ? { unreliable } : {};
}

/** What is proposed for the parties that move. */
export function proposalsOf(plan: LivePlan) {
  return { ...onboardingOf(plan), parties: wantedOf(plan) };
}

/** From when on the target must not have been connected. */
export function windowOf({ targetOffset }: LiveRecord): OnboardingWindow {
  return { beginExclusive: targetOffset! };
}

/**
 * The contracts of the parties that became active, each as it was at the first activation among its stakeholders, without
 * those the target has already, of parties that it hosted before. Source: live-route 2, step 8; decision 41.
 */
export function copyInput(
  planned: HashedPlan<LivePlan>,
  live: LiveRecord,
  { groups, first, hostedBefore }: Activation,
): ByReference<CompareInput> {
  return {
    ...wholeInput(planned, first.offset),
    activations: groups,
    excludedStakeholders: hostedBefore,
    keptStakeholders: hostedBefore,
    window: windowOf(live),
  };
}

/** The copy that both nodes are carried along from. */
export function copiedOf({
  groups: activations,
  first,
  hostedBefore,
}: Activation): Pick<ByReference<CompareInput>, 'copied'> {
  const excluded = { excludedStakeholders: hostedBefore, keptStakeholders: hostedBefore };
  return { copied: { offset: first.offset, activations, ...excluded } };
}

/** Every contract of the parties, at an offset of the source. */
export function wholeInput(
  { plan, hash }: Pick<HashedPlan<LivePlan>, 'plan' | 'hash'>,
  offset: string,
): ByReference<CompareInput> {
  return {
    source: refOf(plan.source),
    target: refOf(plan.target),
    planHash: hash,
    synchronizers: {
      source: plan.source.synchronizer.logicalId,
      target: plan.target.synchronizer.logicalId,
    },
    parties: movedParties(plan),
    // Whoever else is a stakeholder has the contract too, on this very synchronizer.
    allowsShared: true,
    excludedStakeholders: [],
    offset,
    segmentContracts: SEGMENT_CONTRACTS,
    expectedContracts: plan.contracts.total,
  };
}
