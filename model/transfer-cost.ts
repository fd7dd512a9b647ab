import type { MigrationPlan } from './plan.js';
import { DEFAULT_QUIET_SECONDS } from './request.js';
import { DEFAULT_TUNING } from './steering.js';

/** Seconds on a real, warm participant of 2 cores, contracts of 1.3 kB. Source: admin-api 2.8. */
const COST = {
  importCall: 0.6,
  importContract: 0.000_42,
  exportContract: 0.000_057,
  purgeContract: 0.002,
};
/** Disconnecting, reading parties and offsets, waiting for what is in flight. */
const STEPS_SECONDS = 3;
/** A warm copy ends when about as little changed in between. */
const EXPECTED_CHANGE = 1_000;

/**
 * How long a host counts as onboarding after it became one: default confirmation response timeout plus mediator
 * reaction timeout. Source: live-route 5.
 */
const ONBOARDING_SECONDS = 60;
/** Until a whole reconciliation interval, 60 s by default, lies behind the catch-up and is compared. */
const COMMITMENT_SECONDS = 150;

type Sized = Pick<MigrationPlan, 'request'> & {
  contracts: Pick<MigrationPlan['contracts'], 'total'>;
};

/**
 * How long the source would be out of service, cold and warm: copy, and the wait for quiet. What is copied is compared
 * meanwhile; only a node that was parked has to be read as a whole.
 */
export function freezeSeconds(plan: Sized): { cold: number; warm: number } {
  const { total } = plan.contracts;
  const importing = importSeconds(total);
  return {
    cold: Math.ceil(frame(plan) + importing),
    warm: warmFreezeSeconds(plan, Math.min(EXPECTED_CHANGE, total)),
  };
}

/** How long the live route takes to the gate `switch` while the source serves, without the time at other gates. */
export function secondsToSwitch({ contracts: { total } }: Sized): number {
  const copying = STEPS_SECONDS + importSeconds(total);
  return Math.ceil(Math.max(copying, ONBOARDING_SECONDS) + COMMITMENT_SECONDS);
}

/** The same as {@link freezeSeconds} for a warm copy if `changed` contracts were created or archived since the last catch-up. */
export function warmFreezeSeconds(plan: Sized, changed: number): number {
  // Both nodes are read at the same time.
  const { copy = 'cold' } = plan.request.options ?? {};
  const comparing = copy === 'changes' ? plan.contracts.total * COST.exportContract : 0;
  return Math.ceil(frame(plan) + importSeconds(changed) + changed * COST.purgeContract + comparing);
}

function importSeconds(contracts: number): number {
  if (contracts === 0) return 0;
  const perCall = (DEFAULT_TUNING.targetSeconds - COST.importCall) / COST.importContract;
  return Math.ceil(contracts / perCall) * COST.importCall + contracts * COST.importContract;
}

function frame({ request }: Sized): number {
  return STEPS_SECONDS + (request.options?.quietSeconds ?? DEFAULT_QUIET_SECONDS);
}
