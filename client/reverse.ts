import {
  isLive,
  movedParties,
  namespaceOf,
  NOT_SELECTED,
  type MigrationPlan,
  type WithParties,
} from '../model/plan.js';
import type { MigrationOptions, MigrationRequest, RouteName } from '../model/request.js';

/** What of the reverse migration an operator decides otherwise: each field takes the place of what the migration had. */
export type ReverseOptions = Partial<MigrationRequest>;

/**
 * Returns the request that leads back from where a migration went: to the old node, which gets only what changed
 * since, or to a fresh one, whose delegation the holder of the root key signs. Source: admin-api 2.9.
 *
 * It names the parties: those that the migration moved, and `since`, what {@link partiesSince} found. What went by the
 * live route goes back by it; if a synchronizer is named, the plan chooses the route.
 */
export function requestReverse(
  plan: WithParties,
  { options, ...chosen }: ReverseOptions,
  since: readonly string[] = [],
): MigrationRequest {
  const { source, target: served, request } = plan;
  const isFresh = chosen.target !== undefined && chosen.target !== source.name;
  const isLiveAgain = isLive(plan) && chosen.targetSynchronizer === undefined;
  const route = chosen.route ?? (isLiveAgain ? 'live' : undefined);
  return {
    source: served.name,
    target: source.name,
    sourceSynchronizer: served.synchronizer.logicalId,
    targetSynchronizer: source.synchronizer.logicalId,
    parties: [...movedParties(plan), ...since].sort(),
    ...(route && { route }),
    ...(isFresh && { rootKeyHolder: request.rootKeyHolder ?? source.name }),
    ...chosen,
    options: { ...optionsBack(plan, route, isFresh, options), ...options },
  };
}

/** The options of the migration, as far as they mean something on the reverse migration. */
function optionsBack(
  plan: MigrationPlan,
  route: RouteName | undefined,
  isFresh: boolean,
  chosen: MigrationOptions = {},
): MigrationOptions {
  const { catchUps, sharedContracts, delegation, exceptCounterParticipants, ...kept } =
    plan.request.options ?? {};
  delete kept.copy;
  // What was proven of the nodes in one direction is planned anew in the other.
  if (kept.importMode === 'accept') delete kept.importMode;
  if (route === 'live')
    return {
      ...kept,
      ...(exceptCounterParticipants && { exceptCounterParticipants }),
      ...(delegation !== undefined && { delegation }),
    };
  const returns = !isFresh && !isLive(plan);
  const copy = chosen.copy ?? (returns ? 'changes' : 'cold');
  return {
    ...kept,
    ...(returns && { copy: 'changes' as const }),
    ...(sharedContracts !== undefined && { sharedContracts }),
    ...(catchUps !== undefined && copy !== 'cold' && { catchUps }),
  };
}

/**
 * Finds the parties that the node which serves now got since a migration moved everything to it, so that they go back
 * with the others: `now` is a plan whose source is that node. Ordered.
 *
 * Only what can belong to nobody else: parties of the namespaces that were moved, and, as long as no third namespace
 * is there, those of the node itself; in either case of a namespace that the node hosted nothing of before.
 */
export function partiesSince(migrated: WithParties, now: WithParties): string[] {
  if (!movedEverything(migrated)) return [];
  const moved = new Set(movedParties(migrated));
  const namespaces = new Set([...moved].map(namespaceOf));
  const before = new Set(migrated.target.hosted.map(({ namespace }) => namespace));
  const own = now.source.namespace;
  const isAlone = now.parties
    .filter((its) => its.class === 'local' || its.class === 'multi-hosted')
    .every(({ party }) => namespaces.has(namespaceOf(party)) || namespaceOf(party) === own);
  return now.parties
    .filter((its) => its.class === 'local' && !moved.has(its.party))
    .map(({ party }) => party)
    .filter((party) => {
      const namespace = namespaceOf(party);
      return !before.has(namespace) && (namespaces.has(namespace) || (isAlone && namespace === own));
    });
}

/** Whether a migration left no party that it could have moved: whoever left some meant those that it named. */
export function movedEverything({ parties }: WithParties): boolean {
  return parties.every(
    ({ class: its, treatment, reason }) =>
      treatment === 'move' || (its !== 'local' && reason !== NOT_SELECTED),
  );
}
