/** Delays of the whole sandbox. */
export interface TimingScenario {
  readonly outboxMs: number;
  readonly sequencingMs: number;
  readonly topologyChangeMs: number;
  readonly lateServicesMs: number;
  /** How long a participant that was restarted finds no synchronizer after its Admin API opened; 10 to 24 s on a real one. */
  readonly storesMs: number;
  readonly pingMs: number;
  readonly importCallMs: number;
  readonly importMicrosPerContract: number;
  readonly exportMicrosPerContract: number;
  readonly cancelledRepairMs: number;
  /** How long a submission is in flight before it is ordered; 0: at once. */
  readonly submissionMs: number;
  /** How long a node still takes a contract for active that has ended, when it interprets a command; 0: not at all. */
  readonly indexingMs: number;
  /** How long after its activation the flag of an onboarding party stays at least. */
  readonly onboardingMs: number;
  /** The interval of ACS commitments. */
  readonly reconciliationMs: number;
}

/** Delays of the built-in scenario: shorter than real ones, except for the waits an operator sees. */
export const DEFAULT_TIMING: TimingScenario = {
  outboxMs: 400,
  sequencingMs: 50,
  topologyChangeMs: 250,
  lateServicesMs: 0,
  storesMs: 2_000,
  pingMs: 300,
  importCallMs: 20,
  importMicrosPerContract: 20,
  exportMicrosPerContract: 2,
  cancelledRepairMs: 500,
  submissionMs: 0,
  indexingMs: 0,
  onboardingMs: 60_000,
  reconciliationMs: 60_000,
};

/** Delays that keep tests quick and still leave every window of the real ones open. */
export const QUICK_TIMING: TimingScenario = {
  outboxMs: 15,
  sequencingMs: 3,
  topologyChangeMs: 5,
  lateServicesMs: 0,
  storesMs: 50,
  pingMs: 5,
  importCallMs: 1,
  importMicrosPerContract: 0,
  exportMicrosPerContract: 0,
  cancelledRepairMs: 50,
  submissionMs: 0,
  indexingMs: 0,
  onboardingMs: 300,
  reconciliationMs: 150,
};
