import type { Activities } from '../../../activities/index.js';
import type { FailureType } from '../../../model/cures.js';
import { messageOf, typeOf } from '../../../model/failure.js';
import type { LiveRecord } from '../../../model/live.js';
import type { TransferRecord } from '../../../model/migration.js';
import type { HashedPlan, LivePlan } from '../../../model/plan.js';
import type { Explained } from '../../../model/report.js';
import type { LiveRun } from '../../run.js';
import { connectionsOf, noteFound, noteJoined } from '../connections.js';
import * as migrateDars from '../migrate-dars.js';
import { counted } from '../../../model/count.js';
import { nodesOf, refOf } from '../../../model/plan-parts.js';
import { notEqual } from '../verify.js';
import { check as checkBoth, checkSource } from '../withdrawal.js';
import { hostOf, windowOf } from './live-input.js';
import { copyContracts, forgetProof, HOST_BEFORE, removeExports } from './transfer-active-contracts.js';
import { compare, repair } from './verify.js';

/** Whether the target is left as it is: it must not be connected any more, and nothing of it can be taken back. */
export function isLost({ leftIsolated }: LiveRecord): boolean {
  return leftIsolated !== undefined;
}

const NOT_UPGRADED: FailureType = 'NotUpgraded';

/** No repeat gives the target what it lacks: what was active when it became a host stays so at that offset. */
const HOPELESS: ReadonlySet<string | undefined> = new Set([
  'ActivatedAgain',
  'ContractReassigned',
  'ContractRefused',
  'ContractUsedOnTarget',
  'ContractWithoutBlob',
  'ContractWithoutEvent',
  'ContractsDiffer',
  'DataPruned',
  'ExportChanged',
  NOT_UPGRADED,
  'NotVerified',
  'TooManyContracts',
]);

/**
 * Take the target back as a host, and its contracts; then connect it. One that nothing heals is left disconnected.
 *
 * What had become active first: for that it needs every contract before it may be connected, also to take it back.
 */
export async function withdrawHosts(run: LiveRun): Promise<string[]> {
  const { planned, plan, act, live } = run;
  // What the source cannot take back only the target can, once it is connected.
  const { signedByOthers } = plan.live;
  const withdraw = (signer: 'source' | 'target') => withdrawHosting(planned, act, live, signer);
  if (await isHostBefore(run)) {
    live.leftIsolated = HOST_BEFORE;
    return [...(await withdraw('source')), ...(await leave(run, HOST_BEFORE))];
  }
  // While the target is a host yet: afterwards topology does not tell that it ever was one.
  const unknown = await hopeless(() => findActivations(planned, act, live));
  const changed = await withdraw('source');
  if (unknown !== '' && (live.isActivationBegun || changed.length > 0))
    return [...changed, ...(await leave(run, unknown))];
  if (live.activation) {
    const reason = await heal(run);
    if (reason !== '') return [...changed, ...(await leave(run, reason))];
    if (signedByOthers > 0) changed.push(...(await withdraw('target')));
    changed.push(...(await clearTarget(run)));
  }
  const missed = await stranded(() => connect(planned, act));
  if (missed !== '') {
    live.isLateUpgradeLeft = true;
    return [...changed, ...(await leave(run, missed))];
  }
  await removeExports(run);
  return changed;
}

/** Whether it was a host before the migration disconnected it. */
async function isHostBefore({ plan, act, live }: LiveRun): Promise<boolean> {
  if (live.targetOffset !== undefined) return false;
  return live.leftIsolated === HOST_BEFORE || (await act.readExposure(hostOf(plan, live))).isExposed;
}

/** Leaves the target disconnected, whatever it holds. */
async function leave(run: LiveRun, reason: string): Promise<string[]> {
  const { plan, act, live } = run;
  live.leftIsolated = reason;
  const { isDisconnected } = await act.leaveTarget({ target: refOf(plan.target) });
  await removeExports(run);
  const left = isDisconnected ? 'disconnected from every synchronizer' : 'does not answer';
  return [`${plan.target.name} ${left}`];
}

/** Returns why the target can never have what it needs to be connected; empty if the work is done. */
async function hopeless(work: () => Promise<void>): Promise<string> {
  try {
    await work();
    return '';
  } catch (error) {
    const type = typeOf(error);
    if (!HOPELESS.has(type)) throw error;
    if (type === NOT_UPGRADED) return `it cannot be connected any more: ${messageOf(error)}`;
    return `it cannot be given all contracts of the time when it was a host: ${messageOf(error)}`;
  }
}

/** Returns why the target, which holds nothing of the parties, cannot be connected until an operator upgrades it late. */
async function stranded(work: () => Promise<void>): Promise<string> {
  try {
    await work();
    return '';
  } catch (error) {
    if (typeOf(error) !== NOT_UPGRADED) throw error;
    return messageOf(error);
  }
}

/**
 * Lets a target that was a host be connected again. Returns why it must not, if nothing heals it; whatever else stands in
 * the way is told and tried again.
 */
async function heal({ planned, act, live, migration }: LiveRun): Promise<string> {
  if (await isExposed(planned, act, live)) {
    return 'it was connected while it was a host without all contracts, and may have processed ledger transactions over contracts that it does not have';
  }
  try {
    return await hopeless(() => completeCopy(planned, act, live, migration.transfer));
  } catch (error) {
    forgetProof(live, migration.transfer, error);
    throw error;
  }
}

/** Take back what was given to the target of packages. With manual connect a restart leaves it disconnected. */
export async function withdrawDars({ plan, act, live, migration }: LiveRun): Promise<string[]> {
  const host = hostOf(plan, live);
  await act.ensureConnected(host);
  return migrateDars.undo(plan, act, migration.transfer, host);
}

/** Read, after everything was taken back, that both nodes are as before; of a target that is lost, nothing is. */
export async function check({ planned, act, live, migration }: LiveRun): Promise<string[]> {
  return isLost(live)
    ? checkSource(planned, act, migration.transfer)
    : checkBoth(planned, act, migration.transfer);
}

/**
 * Take the target back as a host; the source serves throughout.
 *
 * By the source, before any connect of the target; by the target itself, once it is connected, for parties that the keys of
 * the source do not sign for. Source: live-route 8; admin-api 5.4; networks C.
 */
async function withdrawHosting(
  { plan }: HashedPlan<LivePlan>,
  act: Activities,
  live: LiveRecord,
  signer: 'source' | 'target',
): Promise<string[]> {
  // Also what others made it a host of.
  const { sourceSigns } = plan.live;
  const { withdrawn } = await act.withdrawOnboarding({ ...hostOf(plan, live), signer, sourceSigns });
  if (withdrawn === 0) return [];
  return [
    `${plan.target.name} is no host of ${counted(withdrawn, 'party', 'parties')} any more; ${plan.source.name} served throughout`,
  ];
}

/**
 * Leave in `live` which parties had become active: for these the target has to have every contract before it may be
 * connected, also when it is no host any more.
 */
async function findActivations(
  { plan }: HashedPlan<LivePlan>,
  act: Activities,
  live: LiveRecord,
): Promise<void> {
  if (live.sourceOffset === undefined || live.activation) return;
  const beginExclusive = live.sourceOffset;
  const { activation } = await act.findActivations({ ...hostOf(plan, live), beginExclusive });
  if (activation) live.activation = activation;
}

/**
 * Give a target that was a host everything it needs to be connected, and connect it: the contracts it lacks of those at
 * the activation, proven equal. Fails as the copy and the comparison do; the target stays disconnected then.
 */
async function completeCopy(
  planned: HashedPlan<LivePlan>,
  act: Activities,
  live: LiveRecord,
  record: TransferRecord,
): Promise<void> {
  if (live.provenLedgerEnd === undefined) {
    await copyContracts(planned, act, live, record);
    let compared = await compare(planned, act, live);
    if (!compared.isEqual) {
      await repair(planned, act, live);
      compared = await compare(planned, act, live);
    }
    if (!compared.isEqual) throw notEqual(compared);
    live.provenLedgerEnd = compared.targetLedgerEnd;
  }
  // Also where it was connected, or nearly, before the abort: whether it still is what was proven is read each time.
  await act.ensureConnected(hostOf(planned.plan, live));
}

/** Take the contracts off a target that is no host any more, once it has caught up; it is connected again afterwards. */
async function clearTarget({ plan, act, live, migration }: LiveRun): Promise<string[]> {
  const { target } = plan;
  await act.awaitCaughtUp(hostOf(plan, live));
  const { connections } = await act.isolateTarget(nodesOf(plan));
  noteFound(plan, migration.transfer, 'target', connections);
  const { purged } = await act.purgeHosted(hostOf(plan, live));
  return purged > 0 ? [`${counted(purged, 'contract')} purged from ${target.name}`] : [];
}

/** Connect a target that holds nothing of the parties to their synchronizer, by hand: its vetting is taken back there. */
async function connect({ plan }: HashedPlan<LivePlan>, act: Activities): Promise<void> {
  const { alias, logicalId: synchronizerId } = plan.target.synchronizer;
  const connections = [{ alias, isConnected: true, isManualConnect: true }];
  await act.connectTarget({ target: refOf(plan.target), synchronizerId, connections });
}

/** Connect the target exactly as before the migration; a synchronizer that it joined for it is left. */
export async function restore({ plan, act, migration }: LiveRun): Promise<string[]> {
  const { target } = plan;
  if (plan.live.joins) {
    await noteJoined(plan, act, migration.transfer, 'target');
    await act.isolateTarget(nodesOf(plan));
  }
  await act.connectTarget({
    target: refOf(target),
    synchronizerId: target.synchronizer.logicalId,
    connections: connectionsOf(plan, migration.transfer, 'target'),
  });
  return [`${target.name} connected as before`];
}

/** Whether somebody connected the target before it had every contract: then nothing heals it. */
async function isExposed(
  { plan }: HashedPlan<LivePlan>,
  act: Activities,
  live: LiveRecord,
): Promise<boolean> {
  if (!live.activation) return false;
  const seen = { ...hostOf(plan, live), window: windowOf(live) };
  return (await act.readExposure(seen)).isExposed;
}

/** What stays of a target that must not be connected any more, and how to get it back. */
export function remains({ plan, live, migration }: LiveRun): Explained[] {
  if (live.leftIsolated === undefined) return [];
  const { source, target } = plan;
  const isUsable = live.isLateUpgradeLeft === true;
  const { vetted } = migration.transfer.made;
  const copied = [
    ...migrateDars.uploadedBy(plan, migration.transfer).map(({ name }) => `DAR ${name}`),
    ...(vetted.length > 0 ? [`the vetting of ${counted(vetted.length, 'package')}`] : []),
    'users, rights, identity providers, annotations of parties and limits',
  ];
  return [
    isUsable
      ? {
          what: `${target.name}, disconnected from every synchronizer`,
          why: `${live.leftIsolated}. It is no host of the parties and has none of their contracts: after the late upgrade connect it, and use it as before`,
        }
      : {
          what: `${target.name}, which must not be connected any more`,
          why: `${live.leftIsolated}. Rebuild it from an empty database, with a new uid, and start again; nothing is lost on ${source.name}`,
        },
    ...(copied.length > 0
      ? [
          {
            what: `what was copied to ${target.name}: ${copied.join(', ')}`,
            why: isUsable
              ? 'its vetting changes only while it is connected; a new migration finds all of it done'
              : 'its vetting changes only while it is connected, and all of it goes with its database',
          },
        ]
      : []),
    ...(plan.live.signedByOthers > 0 && !isUsable
      ? [
          {
            what: `${target.name} as a host of ${counted(plan.live.signedByOthers, 'party', 'parties')} in topology, beside ${source.name}`,
            why: `${source.name} has no key for them: their own keys, or those of their namespaces, sign its removal, party by party; the other hosts serve them without it`,
          },
        ]
      : []),
  ];
}
