import { count, counted } from './count.js';

/** The two nodes of a migration, by their names in the worker's configuration. */
export interface NodesToLookAt {
  source: string;
  target: string;
}

/** What one node says of itself, whatever a migration knows. */
export interface NodeLeft {
  name: string;
  /** Why it could not be read; the rest is absent then. */
  problem?: string;
  uid?: string;
  aliases?: { alias: string; isConnected: boolean; isManualConnect: boolean }[];
  /** Decimal int64. */
  ledgerEnd?: string;
  /** Commands that it takes in a second, and requests that it validates at once; absent: no limit. */
  limits?: { maxSubmissionRate?: number; maxInflightValidationRequests?: number };
  /** By synchronizer that it knows. */
  hosting?: {
    alias: string;
    /** Parties that it hosts, but its own. */
    parties: number;
    /** Of these, with the onboarding flag on it. */
    onboarding: number;
    /** Of these, those that the other node hosts, too. */
    both: number;
    /** Packages that it vets. */
    vetted: number;
  }[];
  /** Active contracts of the parties that are local to it, and how many of them a migration imported. */
  contracts?: { active: number; imported: number };
}

/** Lines for operators, one node after the other. */
export function describeNode({ name, uid, problem, ...its }: NodeLeft): string[] {
  if (problem !== undefined) return [`${name} cannot be read: ${problem}`];
  const connections = (its.aliases ?? []).map(
    ({ alias, isConnected, isManualConnect }) =>
      `${alias} ${isConnected ? 'connected' : 'not connected'}${isManualConnect ? ', manual connect' : ''}`,
  );
  const { maxSubmissionRate, maxInflightValidationRequests } = its.limits ?? {};
  const limits = [
    ...(maxSubmissionRate === undefined ? [] : [`${maxSubmissionRate} commands a second`]),
    ...(maxInflightValidationRequests === undefined
      ? []
      : [`${maxInflightValidationRequests} requests at once`]),
  ];
  const { active = 0, imported = 0 } = its.contracts ?? {};
  return [
    `${name} (${uid ?? ''})`,
    `  synchronizers: ${connections.join('; ') || 'none'}`,
    ...(its.hosting ?? []).map(
      ({ alias, parties, onboarding, both, vetted }) =>
        `  on ${alias}: host of ${counted(parties, 'party', 'parties')}, ${count(both)} of them with the other node, ${count(onboarding)} onboarding; ${counted(vetted, 'package')} vetted`,
    ),
    `  active contracts: ${count(active)}, of which a migration imported ${count(imported)}; ledger end ${its.ledgerEnd ?? 'unknown'}`,
    `  limits: ${limits.join(', ') || 'none'}`,
  ];
}
