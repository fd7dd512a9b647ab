import type { PartyMapping, Permission } from './participant.js';
import { canonicalJson } from './plan.js';

/** How a party is hosted, by content: two readings of an unchanged mapping are the same, whatever became of its serial. */
export type PartyHosting = Omit<PartyMapping, 'serial'>;

/** A party that moves, with what the source may do for it, and what the target is to do. */
export interface Wanted {
  party: string;
  permission: Permission;
  /** What the source may really do for it; absent: what the permission says. */
  effective?: Permission;
  /** How it is hosted on the source synchronizer; absent: by the source alone, threshold one, no keys of its own. */
  hosting?: PartyHosting;
  /** Whose signatures that needs which no node of the migration gives; absent: the nodes sign. */
  signers?: { namespaces: string[]; needed: number };
}

const RANK = { none: 0, observation: 1, confirmation: 2, submission: 3 };

export function isLower(one: Permission | 'none', other: Permission): boolean {
  return RANK[one] < RANK[other];
}

/** What a host of these parties needs to do for them what the source does. */
export function neededFor(parties: readonly Wanted[]): Permission {
  return parties
    .map(({ permission, effective = permission }) => effective)
    .reduce((most, one) => (isLower(most, one) ? one : most), 'observation');
}

/** How the plan found a party that moves. */
export function plannedHosting({ party, permission, hosting }: Wanted, sourceUid: string): PartyHosting {
  return (
    hosting ?? {
      party,
      threshold: 1,
      hosts: [{ participantUid: sourceUid, permission, isOnboarding: false }],
    }
  );
}

/** The same on the live route once the target is a host beside the source, with the onboarding flag. */
export function onboardingHosting(
  wanted: Wanted,
  { sourceUid, targetUid }: { sourceUid: string; targetUid: string },
): PartyHosting {
  const planned = plannedHosting(wanted, sourceUid);
  const host = { participantUid: targetUid, permission: wanted.permission, isOnboarding: true };
  return { ...planned, hosts: [...planned.hosts, host] };
}

/** Whether hosts, permissions, flags, threshold and keys are the same, the hosts in whatever order. */
export function isSameHosting(one: PartyHosting, other: PartyHosting): boolean {
  return hostingKey(one) === hostingKey(other);
}

/** Text that is the same for the same hosting. */
export function hostingKey({ party, threshold, hosts, signingKeys }: PartyHosting): string {
  const ordered = [...hosts].sort((a, b) => (a.participantUid < b.participantUid ? -1 : 1));
  return canonicalJson({ party, threshold, hosts: ordered, signingKeys });
}

/** The hosts with what they may do, for an operator. */
export function describeHosting({ hosts, threshold, signingKeys }: PartyHosting): string {
  const each = hosts.map(
    ({ participantUid, permission, isOnboarding }) =>
      `${participantUid} (${permission}${isOnboarding ? ', onboarding' : ''})`,
  );
  const keys = signingKeys === undefined ? '' : ', with signing keys of its own';
  return `${each.join(' and ') || 'nobody'}, threshold ${threshold}${keys}`;
}
