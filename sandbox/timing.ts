import type { Scenario } from './scenario.js';

/** Delays of the built-in scenario: shorter than real ones, except for the waits an operator sees. */
export const DEFAULT_TIMING: Scenario['timing'] = {
  outboxMs: 400,
  sequencingMs: 50,
  topologyChangeMs: 250,
  lateServicesMs: 0,
  storesMs: 2_000,
  pingMs: 300,
  failedPingMs: 600_000,
  importCallMs: 20,
  importMicrosPerContract: 20,
  exportMicrosPerContract: 2,
  cancelledRepairMs: 500,
  submissionMs: 0,
  indexingMs: 0,
  onboardingMs: 60_000,
  reconciliationMs: 60_000,
  unreachableMs: 30_000,
  switchMs: 2_000,
  lockedOutMs: 20_000,
  adminStreamMs: 0,
};

/** Delays that keep tests quick and still leave every window of the real ones open. */
export const QUICK_TIMING: Scenario['timing'] = {
  outboxMs: 15,
  sequencingMs: 3,
  topologyChangeMs: 5,
  lateServicesMs: 0,
  storesMs: 50,
  pingMs: 5,
  failedPingMs: 1_000,
  importCallMs: 1,
  importMicrosPerContract: 0,
  exportMicrosPerContract: 0,
  cancelledRepairMs: 50,
  submissionMs: 0,
  indexingMs: 0,
  onboardingMs: 300,
  reconciliationMs: 150,
  unreachableMs: 20,
  switchMs: 20,
  lockedOutMs: 100,
  adminStreamMs: 0,
};
