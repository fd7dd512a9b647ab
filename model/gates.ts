import type { Gate } from './phase.js';
import type { Procedure } from './planned.js';
import type { Approval } from './report.js';

/** What a workflow gives an activity beside its argument: why it may act now. */
export interface Grounds {
  /** Those of the gate before it, if they are signed. */
  approvals?: Approval[];
  /** Whether an abort takes back what was done, which waits for nobody. */
  isTakingBack?: true;
}

/** The gate that an act stands behind, by procedure. */
export interface Gated extends Record<Procedure, Gate> {
  /** An abort does it too, and needs no approval for it. */
  isAlsoUndo?: true;
}

const begun: Gated = { cold: 'root-key', warm: 'root-key', live: 'root-key' };
const isolated: Gated = { cold: 'interrupt-service', warm: 'warm-copy', live: 'root-key' };
const copied: Gated = { cold: 'interrupt-service', warm: 'warm-copy', live: 'target-backup' };
const frozen: Gated = {
  cold: 'interrupt-service',
  warm: 'interrupt-service',
  live: 'target-backup',
};
const final: Gated = { cold: 'cut-over', warm: 'cut-over', live: 'switch' };
const orUndo = (gated: Gated): Gated => ({ ...gated, isAlsoUndo: true });

/**
 * The last gate before each activity that changes something, where it is run for the first time; `none` for what only an
 * abort does, and for what changes no node. A test compares it with the steps of the routes. The worker changes nothing in
 * an activity that has no row.
 */
export const GATE_OF: Readonly<Record<string, Gated | 'none'>> = {
  ensureNamespaceDelegation: begun,
  submitSignedDelegation: begun,
  loadNamespaceDelegation: begun,
  ensureNamespacesKnown: begun,
  ensurePartiesHosted: begun,
  ensurePartiesHostedDisconnected: frozen,
  ensureDar: begun,
  ensureVetting: begun,
  ensureIdentityProviders: begun,
  ensureUsers: begun,
  ensurePartyAnnotations: { ...begun, live: 'switch' },
  ensureResourceLimits: orUndo(begun),
  ensurePruningSchedule: orUndo(begun),
  ensureJoined: begun,
  // The target pings itself: two ledger transactions.
  checkTarget: begun,
  ensureManualConnect: begun,
  ensureConnected: orUndo(begun),
  ensureOnboardingProposed: begun,
  isolateTarget: orUndo(isolated),
  copyActiveContracts: orUndo(copied),
  catchUp: orUndo(copied),
  repairDifferences: orUndo(copied),
  quiesceSource: frozen,
  activateParties: frozen,
  awaitCaughtUp: orUndo(frozen),
  clearOnboardingFlags: orUndo(frozen),
  awaitCommitments: frozen,
  // It keeps the target connected while the gate `switch` is open.
  readSwitching: frozen,
  awaitQuietSource: final,
  ensureSourceParked: final,
  connectProvenTarget: final,
  connectTarget: orUndo(final),
  pingSelf: orUndo(final),
  switchClients: final,
  removeSourceHosting: final,
  ensureParkedAgain: final,
  removeExport: 'none',
  returnSource: 'none',
  purgeImported: 'none',
  purgeHosted: 'none',
  withdrawOnboarding: 'none',
  withdrawParties: 'none',
  withdrawPartiesDisconnected: 'none',
  withdrawVetting: 'none',
  withdrawUsers: 'none',
  withdrawPartyAnnotations: 'none',
  withdrawIdentityProviders: 'none',
  removeDar: 'none',
  leaveTarget: 'none',
  keepReport: 'none',
};

/** The approvals that an activity has to be given: the signed ones of the gates that it may stand behind. */
export function approvalsFor(activity: string, approvals: Approval[]): Approval[] {
  const gated = GATE_OF[activity];
  if (!gated || gated === 'none') return [];
  const gates: Gate[] = [gated.cold, gated.warm, gated.live];
  return approvals.filter(({ gate, signed }) => signed && gates.includes(gate));
}
