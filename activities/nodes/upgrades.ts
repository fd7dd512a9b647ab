import { sleep } from '@temporalio/activity';

import { CantonError } from '../../canton/errors.js';
import type { FailureType } from '../../model/cures.js';
import { refused, StepFailure } from '../../model/failure.js';
import type { NodeRef } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import {
  describeFreeze,
  isBefore,
  type AwaitUpgradeInput,
  type PendingUpgrade,
} from '../../model/upgrade.js';
import type { OnboardingInput } from '../hosting/onboarding.js';
import { progress } from '../attempt/progress.js';
import { assertNotStranded, isFailedConnect } from './missed-upgrades.js';
import type { Participants } from './participants.js';

/** Between the first two looks; doubled up to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** They write topology, or wait for it: while a synchronizer is frozen none of them is begun. */
const TOPOLOGY_STEPS: readonly string[] = [
  'ensureNamespaceDelegation',
  'submitSignedDelegation',
  'loadNamespaceDelegation',
  'readNamespaceDelegation',
  'ensureNamespacesKnown',
  'ensurePartiesHosted',
  'withdrawParties',
  'ensureVetting',
  'withdrawVetting',
  'removeDar',
  'ensureJoined',
  'ensureOnboardingProposed',
  'activateParties',
  'clearOnboardingFlags',
  'removeSourceHosting',
  'withdrawOnboarding',
];

/** What such a step says that waited in vain: in a freeze it is no failure. */
const IN_VAIN: readonly FailureType[] = [
  'DelegationNotVisible',
  'PartiesNotEffective',
  'PartiesNotWithdrawn',
  'TopologyNotIdle',
  'NotVetted',
  'NotConnected',
  'ProposalsNotVisible',
  'ActivationNotEffective',
  'FlagsNotCleared',
  'SourceNotRemoved',
];

/** They connect a node, which one that missed an upgrade may not be able to. */
const CONNECTING: readonly (readonly [name: string, node: 'source' | 'target'])[] = [
  ['connectTarget', 'target'],
  ['connectProvenTarget', 'target'],
  ['ensureJoined', 'target'],
  ['returnSource', 'source'],
];

interface Scope {
  source?: NodeRef;
  target?: NodeRef;
  participant?: NodeRef;
  /** Logical id. */
  synchronizerId?: string;
}

export function upgradeActivities(participants: Participants) {
  return {
    /**
     * Returns once none of the nodes has an upgrade of a synchronizer before it that it is connected to: it was done, or
     * called off.
     *
     * One activity for as long as nothing happens, so that history does not grow. Safe to repeat.
     */
    async awaitUpgrade({ nodes, synchronizerIds }: AwaitUpgradeInput): Promise<void> {
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
        const pending = await findFreeze(participants, nodes, synchronizerIds);
        if (!pending) return;
        progress({ waitingFor: describeFreeze(pending) });
        await sleep(pauseMs);
      }
    },

    /**
     * Fails with `NotUpgraded` if the target missed an upgrade of the synchronizer and could not be connected after it was
     * made a host; where it is about to be made one (`isBeginning`), also with `SynchronizerFrozen`.
     */
    async readTargetUpgraded(input: OnboardingInput & { isBeginning?: boolean }): Promise<void> {
      const { source, target, synchronizerId, isBeginning } = input;
      if (isBeginning) await assertNotFrozen(participants, [source, target], synchronizerId);
      const everyone = participants.everyone();
      await assertNotStranded(participants.read(target), everyone, { synchronizerId, isHost: false });
    },
  };
}

/**
 * Makes every step that writes topology fail with `SynchronizerFrozen` while the topology of a synchronizer is frozen: before
 * it changes anything, and in place of what it says if the freeze began meanwhile. Source: networks B.
 */
export function heldByFreeze<T extends Record<string, (input: never) => Promise<unknown>>>(
  activities: T,
  participants: Participants,
): T {
  const held = TOPOLOGY_STEPS.map((name) => {
    const run = activities[name]!;
    const step = async (input: never) => {
      const { source, target, participant, synchronizerId } = input as Scope;
      const nodes = [source, target, participant].filter((node) => node !== undefined);
      const assertPossible = () => assertNotFrozen(participants, nodes, synchronizerId);
      await assertPossible();
      try {
        return await run(input);
      } catch (error) {
        if (isOfFreeze(error)) await assertPossible();
        throw error;
      }
    };
    return [name, step];
  });
  return { ...activities, ...Object.fromEntries(held) } as T;
}

/**
 * Makes every step that connects a node fail with `NotUpgraded` where it cannot because the node missed an upgrade of a
 * synchronizer. Source: networks B.
 */
export function explainedByUpgrade<T extends Record<string, (input: never) => Promise<unknown>>>(
  activities: T,
  participants: Participants,
): T {
  const explained = CONNECTING.map(([name, connected]) => {
    const run = activities[name]!;
    const step = async (input: never) => {
      try {
        return await run(input);
      } catch (error) {
        const node = (input as Scope)[connected];
        if (!node || !isFailedConnect(error)) throw error;
        const everyone = participants.everyone();
        await assertNotStranded(participants.read(node), everyone, { isHost: false });
        throw error;
      }
    };
    return [name, step];
  });
  return { ...activities, ...Object.fromEntries(explained) } as T;
}

/** The upgrade that a connected participant has before it of one of the synchronizers (logical ids), or of any. */
export async function findPendingUpgrade(
  { name, synchronizers, topology }: ParticipantReads,
  synchronizerIds?: readonly string[],
): Promise<PendingUpgrade | undefined> {
  for (const { alias, logicalId, physicalId, isConnected } of await synchronizers.listRegistered()) {
    // One that is disconnected knows of no announcement since.
    if (!isConnected || synchronizerIds?.includes(logicalId) === false) continue;
    const upgrade = await topology.findUpgrade({ synchronizerId: logicalId });
    if (upgrade && isBefore(physicalId, upgrade.successor))
      return { ...upgrade, participant: name, alias, physicalId };
  }
  return undefined;
}

async function assertNotFrozen(
  participants: Participants,
  nodes: readonly NodeRef[],
  synchronizerId?: string,
): Promise<void> {
  const pending = await findFreeze(
    participants,
    nodes,
    synchronizerId === undefined ? undefined : [synchronizerId],
  );
  if (pending) throw refused('SynchronizerFrozen', describeFreeze(pending));
}

/** A node that does not answer is not asked: the step that needs it says so itself. */
async function findFreeze(
  participants: Participants,
  nodes: readonly NodeRef[],
  synchronizerIds?: readonly string[],
): Promise<PendingUpgrade | undefined> {
  for (const node of nodes) {
    try {
      const found = await findPendingUpgrade(participants.read(node), synchronizerIds);
      if (found) return found;
    } catch (error) {
      if (!(error instanceof CantonError) || error.kind !== 'transient') throw error;
    }
  }
  return undefined;
}

function isOfFreeze(error: unknown): boolean {
  if (error instanceof CantonError) return error.type === 'SynchronizerFrozen';
  return error instanceof StepFailure && IN_VAIN.includes(error.type);
}
