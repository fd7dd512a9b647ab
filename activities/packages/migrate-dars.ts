import { mismatch } from '../../model/failure.js';
import type { Dar, NodeRef, VettedPackage } from '../../model/participant.js';
import { allowing, isRefusal } from '../../canton/refusals.js';
import { isSame } from '../local-state/local-settings.js';
import type { PackagesReads } from '../../model/participant-reads.js';
import type { Participants } from '../nodes/participants.js';
import { trafficHold } from '../nodes/traffic.js';
import { keepConnected, type HostInput } from '../hosting/hosting.js';
import { awaitTopologyIdle } from '../hosting/topology-idle.js';
import { idsOf, namesOf } from './package-names.js';
import { until } from '../attempt/waiting.js';

/** Vetting is visible after 1.3 to 2 s. Source: admin-api 2.8. */
const VETTED_LIMIT_MS = 60_000;

export interface DarInput {
  target: NodeRef;
  dar: Dar;
}

export interface VettingInput {
  target: NodeRef;
  synchronizerId: string;
}

/** What changes the vetting. */
export interface VettingChange extends VettingInput {
  /** On the live route, where the target does not connect by itself after a restart: it is kept connected. */
  host?: HostInput;
}

export function migrateDarsActivities(participants: Participants) {
  return {
    /**
     * Ensures that the target has a DAR of the source, byte for byte, and vets nothing of it.
     *
     * Safe to repeat. Fails with `DarLost` if the target accepts but does not list it.
     */
    async ensureDar({
      source,
      target,
      dar,
    }: DarInput & { source: NodeRef }): Promise<{ isNew: boolean }> {
      const { packages } = participants.change(target);
      if (await lists(packages, dar)) return { isNew: false };
      await packages.uploadDar(dar, await participants.read(source).packages.readDar(dar.mainPackageId));
      if (await lists(packages, dar)) return { isNew: true };
      throw mismatch(
        'DarLost',
        `${target.name} accepted ${dar.name} ${dar.version} but does not list it`,
      );
    },

    /**
     * Ensures that a DAR which the migration uploaded is gone from the target. The undo of `ensureDar`. One that others
     * use by now is not removed; `kept` says why.
     */
    async removeDar({ target, dar }: DarInput): Promise<{ isNew: boolean; kept?: string }> {
      const { packages } = participants.change(target);
      if (!(await lists(packages, dar))) return { isNew: false };
      try {
        await packages.removeDar(dar.mainPackageId);
      } catch (error) {
        if (!isRefusal(error, 'package is in use')) throw error;
        return { isNew: false, kept: error.message };
      }
      if (!(await lists(packages, dar))) return { isNew: true };
      throw mismatch('DarNotRemoved', `${target.name} still lists ${dar.name} ${dar.version}`);
    },

    /**
     * Ensures that the target has vetted these packages beside those it has vetted, and no other. Those that the
     * migration vetted, `own`, get the validity given; what others vetted keeps theirs. Packages that
     * the target does not have are named in `unknown`, as {@link namesOf} does: they are in no DAR of the source but its
     * built-in ones, and contracts that need them are refused before the import.
     *
     * Safe to repeat; returned as read back. Fails with `NotVetted`.
     */
    async ensureVetting(
      input: VettingChange & { source: NodeRef; add: VettedPackage[]; own: string[] },
    ): Promise<{ added: number; revalidated: number; unknown: string[] }> {
      const onTarget = idsOf(await participants.read(input.target).packages.listPackages());
      const wanted = input.add.filter(({ packageId }) => onTarget.has(packageId));
      const unknown = input.add.filter(({ packageId }) => !onTarget.has(packageId));
      const own = new Set(input.own);
      const asWanted = new Map(wanted.map((its) => [its.packageId, its]));
      const { before, after } = await replaceVetting(participants, input, (current) => {
        const vetted = idsOf(current);
        const kept = current.map((its) =>
          own.has(its.packageId) ? (asWanted.get(its.packageId) ?? its) : its,
        );
        return [...kept, ...wanted.filter(({ packageId }) => !vetted.has(packageId))];
      });
      const added = after.length - before.length;
      const revalidated = before.filter((its, at) => !isSame(its, after[at])).length;
      if (unknown.length === 0) return { added, revalidated, unknown: [] };
      const onSource = await participants.read(input.source).packages.listPackages();
      return { added, revalidated, unknown: namesOf(idsOf(unknown), onSource) };
    },

    /** Ensures that the target has vetted none of these packages. The undo of {@link ensureVetting}. */
    async withdrawVetting(input: VettingChange & { remove: string[] }): Promise<{ removed: number }> {
      const unwanted = new Set(input.remove);
      const { before, after } = await replaceVetting(participants, input, (current) =>
        current.filter(({ packageId }) => !unwanted.has(packageId)),
      );
      return { removed: before.length - after.length };
    },
  };
}

async function lists(packages: PackagesReads, { mainPackageId }: Dar): Promise<boolean> {
  return (await packages.listDars()).some((its) => its.mainPackageId === mainPackageId);
}

/** Proposes what `change` makes of the vetted packages and waits until it is read back. */
async function replaceVetting(
  participants: Participants,
  { target, synchronizerId, host }: VettingChange,
  change: (current: VettedPackage[]) => VettedPackage[],
): Promise<{ before: VettedPackage[]; after: VettedPackage[] }> {
  const { topology } = participants.change(target);
  const keep = async () => host && keepConnected(participants, host);
  await awaitTopologyIdle(participants.read(target), synchronizerId, keep);
  const store = { synchronizerId };
  const read = async () =>
    (await topology.findVettedPackages(store, target.uid)) ?? { packages: [], serial: -1 };

  const isDone = (packages: VettedPackage[]) => {
    const after = change(packages);
    return after.length === packages.length && after.every((its, at) => isSame(its, packages[at]));
  };

  const before = await read();
  const wanted = change(before.packages);
  if (isDone(before.packages)) return { before: before.packages, after: before.packages };
  const next = { participantUid: target.uid, packages: wanted, serial: before.serial + 1 };
  await allowing(['exists already'], topology.proposeVettedPackages(store, next));
  const isVetted = async () => {
    await keep();
    return isDone((await read()).packages) ? true : undefined;
  };
  await until(isVetted, {
    what: 'the vetted packages on the target synchronizer',
    limitMs: VETTED_LIMIT_MS,
    type: 'NotVetted',
    heldUpBy: trafficHold(participants.read(target), { synchronizerId }),
    stillMissing: () => `the vetted packages of ${target.name} are not as proposed on ${synchronizerId}`,
  });
  return { before: before.packages, after: wanted };
}
