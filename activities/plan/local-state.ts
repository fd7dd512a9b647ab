import { parseCantonVersion } from '../../model/canton-version.js';
import { listed } from '../../model/count.js';
import {
  ADMIN_USER,
  isLeftBehind,
  LOCAL_STATE_LIMIT_BYTES,
  nameOf,
  rightText,
  type LocalAction,
  type LocalKind,
  type PlannedLocalState,
} from '../../model/local-state.js';
import type { ResourceLimits, UserRight } from '../../model/participant.js';
import type { Finding, PlannedParty } from '../../model/plan.js';
import { isSame } from '../local-state/local-settings.js';
import {
  compareIdentityProviders,
  comparePartyAnnotations,
  compareUsers,
  listAssignedParties,
  listUsersOfTarget,
  type Moved,
} from '../local-state/local-state.js';
import { digestOfAnnotations, digestOfProvider, digestOfUser } from '../local-state/made-digest.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { when } from './finding.js';
import { excludedRights, foldExclusions, type Exclusion } from './exclusions.js';
import { progress } from '../attempt/progress.js';

/** Of a node that nobody limited otherwise. Source: admin-api 1.14. */
const DEFAULT_LIMITS: ResourceLimits = {
  maxInflightValidationRequests: 500,
  maxSubmissionRate: 200,
  maxSubmissionBurstFactor: 0.5,
};
/** Why a setting of the source is excluded although nobody asked for it. */
export const KEPT = 'the target keeps its own';
/** Of what only the target has. */
const SURPLUS_NAMED = 20;
export const LEFT_BEHIND = 'the request leaves it behind';

interface Sides {
  /** What the request does not want copied. */
  leaveBehind: string[];
  source: ParticipantReads;
  target: ParticipantReads;
  namespace: string;
  parties: PlannedParty[];
  /** Of Canton, on the target. */
  targetVersion: string;
}

interface Conflict {
  what: string;
  differs: string[];
}

type Excluded = Exclusion[];

/** What becomes of users, identity providers, annotations, limits and schedule, and what stands in the way. */
export async function planLocalState(
  sides: Sides,
): Promise<{ localState: PlannedLocalState; obstacles: Finding[] }> {
  progress({ reading: 'users, identity providers and annotations' });
  const moved = movedOf(sides);
  const excluded: Excluded = [];
  const providers = await planProviders(sides, excluded);
  const users = await planUsers(sides, moved, excluded);
  const annotations = await planAnnotations(sides, moved, excluded);
  const localState: PlannedLocalState = {
    identityProviders: providers.planned,
    users: users.planned,
    partyAnnotations: annotations.planned,
    surplus: { count: users.surplus.length, named: users.surplus.slice(0, SURPLUS_NAMED) },
    ...(await planSettings(sides, excluded)),
    excluded: [...foldExclusions(excluded), ...(await trafficAccounts(sides))],
  };
  const obstacles = [
    ...conflictFinding(providers.conflicts, {
      type: 'IdentityProviderConflict',
      what: 'identity provider configurations differ on the target: ',
      cure: 'make the named ones equal on both participants, or name them in options.leaveBehind as identityProviders/<id>',
    }),
    ...conflictFinding(users.conflicts, {
      type: 'UserConflict',
      what: 'users differ on the target: ',
      cure: 'make the named ones equal on both participants, rename them, or name them in options.leaveBehind as users/<id>',
    }),
    ...when(users.beyond.length > 0, {
      type: 'RightUnknownToTarget',
      what: `users have the right CanActAsAnyParty, which the target does not know, as it runs Canton ${sides.targetVersion}: ${listed(users.beyond, 20)}`,
      cure: 'upgrade the target to Canton 3.6 or later first, or name them in options.leaveBehind as users/<id> and give them rights on single parties on the target',
    }),
    ...conflictFinding(annotations.conflicts, {
      type: 'AnnotationConflict',
      what: 'annotations of parties differ on the target: ',
      cure: 'make the named ones equal on both participants, or name them in options.leaveBehind as partyAnnotations/<party>',
    }),
  ];
  return withinLimit(localState, obstacles);
}

/** The parties that move, as the comparison asks for them. */
export function movedOf({ parties, namespace }: Pick<Sides, 'parties' | 'namespace'>): Moved {
  const names = parties.filter(({ treatment }) => treatment === 'move').map(({ party }) => party);
  return { namespace, parties: new Set(names) };
}

/** Accounts that a participant keeps for the traffic of its parties, beside that of the synchronizer. Source: networks F. */
async function trafficAccounts({ source, parties }: Sides): Promise<{ what: string; why: string }[]> {
  const moved = parties.find(({ treatment }) => treatment === 'move');
  if (!moved || !(await source.traffic.keepsAccounts(moved.party))) return [];
  return [
    {
      what: 'traffic accounts of the parties',
      why: 'no call lists them, only whoever acts for a party reads its balance, and it changes with every submission: set the balances on the target by UpdateAccount once the clients have moved',
    },
  ];
}

async function planProviders(sides: Sides, excluded: Excluded) {
  if (leaves(sides, 'identityProviders', excluded)) return { planned: [], conflicts: [] };
  const compared = keep(sides, 'identityProviders', await compareIdentityProviders(sides), {
    id: ({ wanted }) => wanted.id,
    name: 'identity provider',
    excluded,
  });
  return {
    planned: compared.map(({ wanted, action }) => ({
      id: wanted.id,
      digest: digestOfProvider(wanted),
      action,
    })),
    conflicts: compared.map(({ wanted, conflicts }) => ({ what: wanted.id, differs: conflicts })),
  };
}

async function planUsers(sides: Sides, moved: Moved, excluded: Excluded) {
  if (leaves(sides, 'users', excluded)) return { planned: [], conflicts: [], surplus: [], beyond: [] };
  excluded.push({ what: 'user', name: ADMIN_USER, why: 'every participant has its own' });
  const named = keep(sides, 'users', await compareUsers(sides, moved), {
    id: ({ wanted }) => wanted.id,
    name: 'user',
    excluded,
  });
  const compared = named.filter(({ wanted: { id, identityProvider } }) => {
    const isWithout =
      identityProvider !== '' && isLeftBehind(sides.leaveBehind, 'identityProviders', identityProvider);
    if (isWithout)
      excluded.push({
        what: 'user',
        name: id,
        why: `its identity provider ${identityProvider} is left behind`,
      });
    return !isWithout;
  });
  for (const its of excludedRights(compared, sides.parties)) excluded.push(its);
  const { namespace } = moved;
  const beyond = compared.filter(({ rights }) => rights.some((right) => isBeyond(right, sides)));
  return {
    beyond: beyond.map(({ wanted }) => wanted.id),
    planned: compared.map(({ wanted, action, rights, addRights, addAnnotations }) => ({
      id: wanted.id,
      digest: digestOfUser(wanted, rights),
      ...(wanted.identityProvider !== '' && { identityProvider: wanted.identityProvider }),
      action,
      rightCount: rights.length,
      ...(action === 'extend' && {
        addRights: addRights.map((right) => rightText(right, namespace)).sort(),
        addAnnotations: Object.keys(addAnnotations).sort(),
      }),
    })),
    conflicts: compared.map(({ wanted, conflicts }) => ({ what: wanted.id, differs: conflicts })),
    surplus: [
      ...(await listUsersOfTarget(sides)).map((id) => `user ${id}`),
      ...compared
        .filter(({ surplusRights }) => surplusRights > 0)
        .map(({ wanted, surplusRights }) => `${surplusRights} rights of user ${wanted.id}`),
    ],
  };
}

/** Whether a participant of the target's version refuses a right, as one that is empty. Source: networks K. */
function isBeyond({ kind }: UserRight, { targetVersion }: Pick<Sides, 'targetVersion'>): boolean {
  const version = parseCantonVersion(targetVersion);
  return kind === 'act-as-any-party' && version !== undefined && version.minor < 6;
}

async function planAnnotations(sides: Sides, moved: Moved, excluded: Excluded) {
  if (leaves(sides, 'partyAnnotations', excluded)) return { planned: [], conflicts: [] };
  const compared = keep(sides, 'partyAnnotations', await comparePartyAnnotations(sides, moved), {
    id: ({ party }) => party,
    name: 'annotations of',
    excluded,
  });
  const left = compared.filter(({ action }) => action === 'exclude').map(({ party }) => party);
  if (left.length > 0) {
    excluded.push({ what: `annotations of ${listed(left, 20)}`, why: 'the parties do not move' });
  }
  for (const { party, identityProvider } of await listAssignedParties(sides.source)) {
    if (!moved.parties.has(party)) continue;
    const why = 'assign it on the target with UpdatePartyIdentityProviderId';
    excluded.push({ what: `assignment to identity provider ${identityProvider} of`, name: party, why });
  }
  const copied = compared.filter(({ action }) => action !== 'exclude');
  return {
    planned: copied.map(({ party, wanted, action, add }) => ({
      name: nameOf(party, moved.namespace),
      digest: digestOfAnnotations(party, wanted),
      action,
      add: Object.keys(add).sort(),
    })),
    conflicts: copied.map(({ party, conflicts }) => ({ what: party, differs: conflicts })),
  };
}

/** Limits and schedule: what the target was given on purpose it keeps. */
async function planSettings({ leaveBehind, source, target }: Sides, excluded: Excluded) {
  const [limits, former, schedule, ofTarget] = await Promise.all([
    source.health.readResourceLimits(),
    target.health.readResourceLimits(),
    source.health.findPruningSchedule(),
    target.health.findPruningSchedule(),
  ]);
  const decide = (kind: LocalKind, what: string, isEqual: boolean, isFree: boolean): LocalAction => {
    if (isLeftBehind(leaveBehind, kind)) excluded.push({ what, why: LEFT_BEHIND });
    else if (isEqual) return 'present';
    else if (isFree) return 'create';
    else excluded.push({ what, why: KEPT });
    return 'exclude';
  };
  const isDrained = limits.maxInflightValidationRequests === 0;
  const forLimits = isDrained
    ? 'exclude'
    : decide(
        'resourceLimits',
        'resource limits',
        isSame(limits, former),
        isSame(former, DEFAULT_LIMITS),
      );
  if (isDrained)
    excluded.push({ what: 'resource limits', why: 'the source is drained: it takes no requests now' });
  if (!schedule) return { resourceLimits: { action: forLimits, former } };
  const isFree = ofTarget === undefined;
  const action = decide('pruningSchedule', 'pruning schedule', isSame(schedule, ofTarget), isFree);
  return { resourceLimits: { action: forLimits, former }, pruningSchedule: { action, schedule } };
}

function leaves({ leaveBehind }: Sides, kind: LocalKind, excluded: Excluded): boolean {
  if (!isLeftBehind(leaveBehind, kind)) return false;
  excluded.push({ what: kind, why: LEFT_BEHIND });
  return true;
}

/** Without those the request names. */
function keep<T>(
  { leaveBehind }: Sides,
  kind: LocalKind,
  items: T[],
  { id, name, excluded }: { id: (item: T) => string; name: string; excluded: Excluded },
): T[] {
  return items.filter((item) => {
    const isLeft = isLeftBehind(leaveBehind, kind, id(item));
    if (isLeft) excluded.push({ what: name, name: id(item), why: LEFT_BEHIND });
    return !isLeft;
  });
}

function conflictFinding(all: Conflict[], finding: Finding): Finding[] {
  const conflicts = all.filter(({ differs }) => differs.length > 0);
  if (conflicts.length === 0) return [];
  const named = conflicts.map(({ what, differs }) => `${what} (${differs.join(', ')})`);
  return [{ ...finding, what: `${conflicts.length} ${finding.what}${listed(named)}` }];
}

/** Temporal takes payloads of 2 MB, and the parties of a plan need their share. */
function withinLimit(localState: PlannedLocalState, obstacles: Finding[]) {
  const bytes = JSON.stringify(localState).length;
  if (bytes <= LOCAL_STATE_LIMIT_BYTES) return { localState, obstacles };
  const { users, partyAnnotations, excluded } = localState;
  return {
    localState: {
      ...localState,
      identityProviders: [],
      users: [],
      partyAnnotations: [],
      excluded: [],
    },
    obstacles: [
      {
        type: 'LocalStateTooLarge',
        what: `${users.length} users, annotations of ${partyAnnotations.length} parties and ${excluded.length} exclusions take ${bytes} bytes of the plan, expected at most ${LOCAL_STATE_LIMIT_BYTES}`,
        cure: 'name users or partyAnnotations in options.leaveBehind and copy these by other means',
      },
    ],
  };
}
