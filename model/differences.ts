import { firstOf } from './count.js';
import type { RouteName } from './request.js';

/**
 * What becomes of a difference: the migration takes it over, it changes nothing for the migration, only another plan can
 * take it in, or a step stops until it is put right.
 */
type Outcome = 'followed' | 'harmless' | 'needs a new plan' | 'stops';

/** A fact of the plan that is not any more as it was. */
interface Difference {
  /** What it is, as a heading of the things that are named. */
  what: string;
  outcome: Outcome;
  /** What the migration does about it, and what an operator can do. */
  then: string;
}

/**
 * Everything that others may change while a migration runs, by the facts that the plan was made of. The gates show it, and
 * the steps that act read it again right before they do.
 */
export const DIFFERENCES = {
  'party-added': {
    what: 'parties that were added on the source',
    outcome: 'needs a new plan',
    then: 'the freeze stops with PartiesChanged: remove them again, or abort and start again',
  },
  'party-added-live': {
    what: 'parties that were added on the source, on the route live',
    outcome: 'harmless',
    then: 'they stay on the source, which goes on serving them; move them by a migration of their own',
  },
  'party-gone': {
    what: 'parties that the source no longer hosts',
    outcome: 'needs a new plan',
    then: 'a step that acts on them stops with PartiesChanged: abort and start again',
  },
  'hosting-changed': {
    what: 'parties whose hosting was changed',
    outcome: 'stops',
    then: 'a step that acts on them stops with PartiesChanged: restore their hosting, or abort and start again',
  },
  'hosting-proposed': {
    what: 'another hosting that somebody proposed',
    outcome: 'harmless',
    then: 'the migration signs only what it proposes itself; have nobody sign it until the migration is over',
  },
  'dar-added': {
    what: 'DARs that were added on the source',
    outcome: 'followed',
    then: 'they are uploaded to the target before a contract needs them',
  },
  'package-vetted': {
    what: 'packages that the source has vetted, or with another validity period',
    outcome: 'followed',
    then: 'the target vets them too, once it is connected',
  },
  'package-unvetted': {
    what: 'packages that the source has unvetted',
    outcome: 'followed',
    then: 'the target does not vet them',
  },
  'local-state-added': {
    what: 'users, identity providers and annotations that were added on the source',
    outcome: 'stops',
    then: 'a comparison stops with LocalStateDiffers: add them on the target too, or remove them',
  },
  'local-state-changed': {
    what: 'users, identity providers and annotations that were changed or removed on the source',
    outcome: 'followed',
    then: 'they are copied as they are then',
  },
  'local-state-changed-since': {
    what: 'users, identity providers and annotations that were changed or removed on the source since they were copied',
    outcome: 'stops',
    then: 'a comparison stops with LocalStateDiffers if the target is not the same: change them there too',
  },
  'limits-changed': {
    what: 'resource limits of the source',
    outcome: 'harmless',
    then: 'the target gets those of the plan, and an abort restores them on the source',
  },
  'pruning-changed': {
    what: 'pruning schedule of the source',
    outcome: 'harmless',
    then: 'the target gets that of the plan, and an abort restores it on the source',
  },
  'synchronizer-joined': {
    what: 'synchronizers that a node has joined',
    outcome: 'followed',
    then: 'it is disconnected from them together with the others, and an abort connects it again as it was',
  },
  'synchronizer-gone': {
    what: 'synchronizers that a node is no longer registered with',
    outcome: 'needs a new plan',
    then: 'an abort stops with SynchronizerGone when it connects the node as before: register it again',
  },
  'connection-changed': {
    what: 'connections of the source that changed',
    outcome: 'harmless',
    then: 'an abort connects the source as it was when the plan was made',
  },
  'contract-reassigned': {
    what: 'contracts that left the synchronizer of the source',
    outcome: 'stops',
    then: 'a step that copies stops with ContractsReassigned: reassign them back, or abort and start again',
  },
  'delegation-gone': {
    what: 'namespaces whose delegation the target synchronizer no longer has',
    outcome: 'needs a new plan',
    then: 'nothing that the target signs for their parties takes effect: a revoked delegation cannot be made again',
  },
} as const satisfies Record<string, Difference>;

export type DifferenceName = keyof typeof DIFFERENCES;

/** A difference as it was found. */
export interface FoundDifference {
  name: DifferenceName;
  /** The first things. */
  named: string[];
  /** How many there are. */
  count: number;
}

/** In what both nodes differ from the plan, beside what the migration itself made. */
export interface DifferencesReading {
  /** RFC 3339. */
  readAt: string;
  found: FoundDifference[];
}

/** One line for each difference, or one that says that there is none. */
export function sincePlanLines({ readAt, found }: DifferencesReading): string[] {
  if (found.length === 0) return [`Read at ${readAt}: nothing has changed since the plan`];
  return [
    `Read at ${readAt}, changed since the plan:`,
    ...found.map(({ name, named, count }) => {
      const { what, outcome, then } = DIFFERENCES[name];
      return `- ${what}: ${firstOf(named, count)} (${outcome}): ${then}`;
    }),
  ];
}

/** The name of a difference in parties that were added on the source, which only one route takes in. */
export function partyAdded(route: RouteName): DifferenceName {
  return route === 'live' ? 'party-added-live' : 'party-added';
}
