import { refused } from '../../model/failure.js';
import type { MigrationPlan } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { requestProblems } from '../../model/validation.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { Synchronizers } from './nodes.js';

/**
 * Chooses which way the contracts go: as the request says, else `live` wherever it is possible, because it stops
 * nobody. Fails with `RequestInvalid` if the options of the request belong to the other route.
 */
export function chooseRoute(
  request: MigrationRequest,
  synchronizers: Synchronizers,
): MigrationPlan['route'] {
  const { source, target } = synchronizers;
  const isShared = isOneSynchronizer(synchronizers);
  const name = isShared ? (request.route ?? 'live') : 'new-synchronizer';
  const problems = requestProblems({ ...request, route: name });
  if (problems.length > 0) throw refused('RequestInvalid', problems.join('; '));
  const found = !isShared
    ? `the source uses the synchronizer ${source.logicalId}, the target ${target.logicalId}`
    : synchronizers.joins
      ? `the target joins the synchronizer of the source, ${source.logicalId}`
      : `both nodes use the synchronizer ${source.logicalId}`;
  const means = {
    live: 'the source serves until the target does, and clients see a pause of about a second',
    'new-synchronizer': 'the source is out of service from its freeze to the cut-over',
  }[name];
  const asked = request.route === undefined ? '' : 'the request asks for it, and ';
  return { name, reason: `${asked}${found}: ${means}` };
}

function isOneSynchronizer({ source, target }: Pick<Synchronizers, 'source' | 'target'>): boolean {
  return source.logicalId === target.logicalId;
}

/**
 * The node that is asked about the target synchronizer, with its alias there. On one synchronizer that is the
 * source: it knows the same, also while the target is disconnected or was never there.
 */
export function readerOf(
  { name }: MigrationPlan['route'],
  synchronizers: Synchronizers,
  { source, target }: { source: ParticipantReads; target: ParticipantReads },
): { reader: ParticipantReads; alias: string } {
  return name === 'live'
    ? { reader: source, alias: synchronizers.source.alias }
    : { reader: target, alias: synchronizers.target.alias };
}
