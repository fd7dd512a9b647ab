import type { Activities } from '../../activities/index.js';
import { abilitiesOf } from '../../model/abilities.js';
import { counted } from '../../model/count.js';
import { countOf } from '../../model/listed.js';
import type { Migration, TransferRecord } from '../../model/migration.js';
import { delegationsOf, isReverse, type MigrationPlan } from '../../model/plan.js';
import { namedParties, partiesOf } from '../../model/plan-parties.js';
import type { Explained } from '../../model/report.js';
import { mismatch } from '../../model/failure.js';
import { neededOf, nodesOf, refOf, wantedOf } from '../../model/plan-parts.js';
import type { Unless } from '../run.js';
import { withSignatures } from './signed-hostings.js';
import { awaitTraffic } from './traffic.js';

/**
 * Host every party that moves on the target, on the target synchronizer, beside the hosts it has there.
 *
 * Additive: on the source synchronizer nothing changes. `undo` restores the former mappings.
 * Source: admin-api 5.4.
 */
export async function apply(
  plan: MigrationPlan,
  act: Activities,
  migration: Pick<Migration, 'hostings' | 'transfer'>,
  unless?: Unless,
): Promise<string[]> {
  if (!isReverse(plan)) return host(plan, act, migration, unless);
  return [`none yet: ${plan.target.name} is parked, and hosts the parties after the cut-over`];
}

/**
 * The same on a target that is disconnected, which publishes it when it connects: by then it has the contracts.
 * Source: canton-2.10 3.
 */
export async function hostDisconnected(plan: MigrationPlan, act: Activities): Promise<string[]> {
  const { hosted } = await act.ensurePartiesHostedDisconnected({
    target: refOf(plan.target),
    parties: wantedOf(plan),
  });
  if (hosted === 0) return [];
  return [`${counted(hosted, 'party', 'parties')} to be hosted by ${plan.target.name} once it connects`];
}

/** It was not connected since: nobody else knows of it. */
export async function undoDisconnected(plan: MigrationPlan, act: Activities): Promise<string[]> {
  const { withdrawn } = await act.withdrawPartiesDisconnected({
    target: refOf(plan.target),
    parties: partiesOf(plan, 'former'),
  });
  return withdrawn > 0
    ? [`${counted(withdrawn, 'party', 'parties')} not to be hosted by ${plan.target.name}`]
    : [];
}

/** The parties that a target hosts before it is disconnected for good. */
export function hostedConnected(plan: MigrationPlan) {
  return abilitiesOf(plan).hostsDisconnected ? [] : wantedOf(plan);
}

/** The same on a target that is connected; one that was parked is so only after the cut-over. */
export async function host(
  plan: MigrationPlan,
  act: Activities,
  migration: Pick<Migration, 'hostings' | 'transfer'>,
  unless?: Unless,
): Promise<string[]> {
  const { transfer } = migration;
  await awaitTraffic(plan, act, { isLate: isReverse(plan) });
  const { added } = await act.ensureNamespacesKnown(namespacesOf(plan));
  if (added > 0) transfer.copiedDefinitions = (transfer.copiedDefinitions ?? 0) + added;
  const { hosted, differing } = await hostAll(plan, act, migration, unless);
  const { alias } = plan.target.synchronizer;
  return [
    ...(added > 0 ? [`${counted(added, 'definition')} of namespaces copied to ${alias}`] : []),
    ...(hosted > 0 ? [`${counted(hosted, 'party', 'parties')} hosted by ${plan.target.name}`] : []),
    ...differing.map((what) => `hosted already, and left as they are: ${what}`),
  ];
}

/** Whoever has to sign may hand the signature in meanwhile, or give it on a node of their own. */
async function hostAll(
  plan: MigrationPlan,
  act: Activities,
  migration: Pick<Migration, 'hostings' | 'transfer'>,
  unless: Unless = (_, work) => work(),
): Promise<{ hosted: number; differing: string[] }> {
  const sourceSynchronizerId = plan.source.synchronizer.logicalId;
  const input = { ...hostingOf(plan), sourceSynchronizerId, parties: wantedOf(plan) };
  const serving = isReverse(plan) && { isServing: true };
  // What a run left that continued as new while it waited.
  delete migration.transfer.awaited;
  for (let most = 0; ;) {
    const given = migration.hostings?.signatures;
    const { hosted, awaited, differing } = await withSignatures(plan, act, migration, (signed) =>
      act.ensurePartiesHosted({ ...input, ...serving, ...signed }),
    );
    most = Math.max(most, hosted);
    if (!awaited) return { hosted: most, differing: differing ?? [] };
    const { transfer } = migration;
    transfer.isProposedToOthers = true;
    // What changes of it a signal tells.
    transfer.awaited = awaited;
    try {
      await unless(
        () => migration.hostings?.signatures !== given,
        async () => {
          await act.awaitPartiesHosted({ ...input, known: awaited });
          return true;
        },
      );
    } finally {
      delete transfer.awaited;
    }
  }
}

/**
 * To read again who signs for the parties. One that was parked gets the definitions only after the cut-over.
 */
export function signersOf(plan: MigrationPlan) {
  return { ...namespacesOf(plan), isKnown: !isReverse(plan) };
}

/** Those of the parties, but for what is delegated to the target. */
function namespacesOf(plan: MigrationPlan) {
  return {
    ...nodesOf(plan),
    sourceSynchronizerId: plan.source.synchronizer.logicalId,
    parties: wantedOf(plan),
    delegated: delegationsOf(plan).map(({ namespace }) => namespace),
  };
}

/**
 * Find out whether the target can serve over there, while the source still does: what it may do for the
 * parties, and whether it answers itself. One that was parked cannot be asked before the cut-over, nor one
 * that is isolated already.
 */
export async function check(
  plan: MigrationPlan,
  act: Activities,
  { targetLedgerEnd }: TransferRecord,
): Promise<string[]> {
  if (isReverse(plan) || targetLedgerEnd !== undefined) return [];
  await act.readUnchangedSigners(signersOf(plan));
  const { alias } = plan.target.synchronizer;
  const { isConnected } = await act.checkTarget({
    ...nodesOf(plan),
    alias,
    needs: neededOf(plan),
    parties: hostedConnected(plan),
  });
  if (isConnected) return [];
  throw mismatch(
    'NotConnected',
    `${plan.target.name}: expected connected to ${alias}, found disconnected`,
  );
}

/**
 * Withdraw the target as host. It has to be connected; parties of which others created contracts there stay.
 */
export async function undo(
  plan: MigrationPlan,
  act: Activities,
  record: TransferRecord,
): Promise<string[]> {
  if (isReverse(plan)) return [];
  const parties = partiesOf(plan, 'former');
  const { withdrawn, kept, withSigningKeys, withoutHosts } = await act.withdrawParties({
    ...hostingOf(plan),
    parties,
  });
  record.keptParties = kept;
  if (withSigningKeys > 0) record.partiesWithSigningKeys = withSigningKeys;
  if (withoutHosts > 0) record.partiesWithoutHosts = withoutHosts;
  return withdrawn > 0
    ? [`${counted(withdrawn, 'party', 'parties')} no longer hosted by ${plan.target.name}`]
    : [];
}

/** Without a participant to be replaced, exactly what earlier versions sent. */
function hostingOf(plan: MigrationPlan) {
  return { ...nodesOf(plan), ...(plan.replaces && { replacedUid: plan.replaces.uid }) };
}

/** What stays after an abort, and why. */
export function remains(plan: MigrationPlan, record: TransferRecord): Explained[] {
  if (isReverse(plan)) return [];
  const { copiedDefinitions = 0, isProposedToOthers } = record;
  const { name: target } = plan.target;
  return [
    ...mappingsLeft(plan, record),
    ...(copiedDefinitions > 0
      ? [
          {
            what: `${counted(copiedDefinitions, 'definition')} of namespaces on ${plan.target.synchronizer.alias}: their delegations and owners`,
            why: 'only who owns a namespace can take them back; they say who signs for it there, as on the synchronizer of the source, and host no party',
          },
        ]
      : []),
    ...(isProposedToOthers
      ? [
          {
            what: `proposals of ${target} as host of parties whose namespace others sign for, on ${plan.target.synchronizer.alias}`,
            why: `a proposal cannot be taken back: whoever signs one later makes ${target} a host there, without contracts`,
          },
        ]
      : []),
    {
      what: `raised serials of the party mappings on ${plan.target.synchronizer.alias}`,
      why: 'topology is append-only: a mapping that was removed keeps its serial',
    },
  ];
}

/** What may stay of parties that others sign for; how many an abort finds out. */
export function mayRemain(plan: MigrationPlan): Explained[] {
  if (isReverse(plan)) return [];
  const { name, synchronizer } = plan.target;
  return [
    {
      what: `possibly mappings of parties on ${synchronizer.alias} without any host`,
      why: `only who signs for a party can remove its mapping: ${name} leaves it, and the next migration can use it`,
    },
  ];
}

/** Of the parties, on the target synchronizer. */
function mappingsLeft(
  plan: MigrationPlan,
  { keptParties = [], partiesWithSigningKeys = 0, partiesWithoutHosts = 0 }: TransferRecord,
): Explained[] {
  const { name: target } = plan.target;
  return [
    ...(countOf(keptParties) > 0
      ? [
          {
            what: `${target} as host of ${namedParties(keptParties)} on ${plan.target.synchronizer.alias}`,
            why:
              `others created contracts of ${countOf(keptParties) === 1 ? 'it' : 'them'} there, which nobody could archive otherwise. ` +
              `Archive them, or purge them (console: repair.purge), for which ${target} is disconnected for a moment; the next migration needs it`,
          },
        ]
      : []),
    ...(partiesWithSigningKeys > 0
      ? [
          {
            what: `signing keys in the mappings of ${counted(partiesWithSigningKeys, 'party', 'parties')} on ${plan.target.synchronizer.alias} that had none before`,
            why: 'only who signs for a party can take them out; they are those it has on the synchronizer of the source',
          },
        ]
      : []),
    ...(partiesWithoutHosts > 0
      ? [
          {
            what: `mappings of ${counted(partiesWithoutHosts, 'party', 'parties')} on ${plan.target.synchronizer.alias} without any host`,
            why:
              `only who signs for a party can remove its mapping; ${target} has left it, and the next migration can use it` +
              (plan.replaces
                ? `. Where ${plan.replaces.name} was a host before, it is none any more: only who signs for the party can make it one again`
                : ''),
          },
        ]
      : []),
  ];
}
