import type { HostingRequestsInput } from '../../activities/hosting/hosting-requests.js';
import type { Activities } from '../../activities/index.js';
import { describeMissing, type Hostings, type ListedHostings } from '../../model/ceremony.js';
import { count } from '../../model/count.js';
import { refused, typeOf } from '../../model/failure.js';
import { isStored, type ByReference } from '../../model/listed.js';
import type { Migration } from '../../model/migration.js';
import type { MigrationPlan } from '../../model/plan.js';
import { nodesOf } from '../../model/plan-parts.js';

/** Returns what keys outside of the nodes have to sign for the parties of a plan; nothing if the nodes sign it all. */
export async function hostingsOf(
  plan: MigrationPlan,
  act: Activities,
  earlier?: ListedHostings,
): Promise<Hostings | undefined> {
  const { parties } = plan;
  const mayBeSigned =
    isStored(parties) || parties.some((its) => its.signers ?? its.hosting?.signingKeys !== undefined);
  if (!mayBeSigned) return undefined;
  const hostings = await act.generateHostings(requestsInput(plan, earlier));
  return hostings.counts.requests > 0 ? hostings : undefined;
}

function requestsInput(
  plan: MigrationPlan,
  earlier: ListedHostings | undefined,
): ByReference<HostingRequestsInput> {
  return {
    ...nodesOf(plan),
    route: plan.route.name,
    sourceSynchronizerId: plan.source.synchronizer.logicalId,
    ...(plan.replaces && { replacedUid: plan.replaces.uid }),
    parties: plan.parties,
    ...(earlier && { earlier }),
  };
}

/**
 * Proposes the parties with the signatures that were handed in. What turned out to be of a hosting that has changed since
 * is made again the next time, and everything else stands. Fails with `SignatureMissing` while one of those is missing.
 */
export async function withSignatures<T>(
  plan: MigrationPlan,
  act: Activities,
  migration: Pick<Migration, 'hostings'>,
  propose: (given: { signed?: ListedHostings }) => Promise<T>,
): Promise<T> {
  if (migration.hostings?.isOutdated) await renew(plan, act, migration);
  const { hostings } = migration;
  if (!hostings) return propose({});
  if (hostings.counts.missing > 0) {
    throw refused(
      'SignatureMissing',
      `signatures for the hosting of parties are missing: ${count(hostings.counts.missing)}. ${describeMissing(hostings.counts)}`,
    );
  }
  try {
    return await propose({ signed: listedOf(hostings) });
  } catch (error) {
    if (typeOf(error) === 'SignatureOutdated') hostings.isOutdated = true;
    throw error;
  }
}

/** Until nobody has handed in a signature meanwhile, which would be lost. */
async function renew(
  plan: MigrationPlan,
  act: Activities,
  migration: Pick<Migration, 'hostings'>,
): Promise<void> {
  for (;;) {
    const earlier = migration.hostings!;
    const known = listedOf(earlier);
    const renewed = await hostingsOf(plan, act, known);
    if (earlier.signatures !== known.signatures) continue;
    if (renewed) migration.hostings = renewed;
    else delete migration.hostings;
    return;
  }
}

export function listedOf({ requests, signatures }: ListedHostings): ListedHostings {
  return { requests, signatures };
}
