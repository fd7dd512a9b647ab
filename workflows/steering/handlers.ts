import { CancellationScope, setHandler } from '@temporalio/workflow';

import type { CopyCheckpoint } from '../../model/acs.js';
import { carriedOf } from '../../model/carried.js';
import { isCopied } from '../../model/live.js';
import { importedOf, type Migration } from '../../model/migration.js';
import { statusOf } from '../../model/migration-status.js';
import type { RetuneInput, Tuning } from '../../model/steering.js';
import { noteContracts, noteEvent } from '../../model/timeline.js';
import { approvalOf, refuseUnsigned } from './approvals.js';
import { attendCeremony } from './ceremony.js';
import { readAwaited, readProgress } from './edge.js';
import {
  abort,
  approve,
  pause,
  plan,
  refuseAbort,
  refuseApproval,
  refusePause,
  refuseRepair,
  refuseResume,
  refuseRetune,
  repair,
  resume,
  retune,
  status,
  awaitedSignatures,
  carried,
  transferProgress,
  transferTuning,
} from './messages.js';
import { enter, publish } from './stage.js';
import { steer } from './steer.js';

/** Answers operators. Handlers record a decision, the story above acts on it. */
export function attend(migration: Migration, untilNoReturn: CancellationScope): void {
  CancellationScope.current().cancelRequested.catch(() => (migration.isCancelRequested = true));
  setHandler(status, () => statusOf(migration), {
    description: 'where the migration stands and what to do next',
  });
  attendTransfer(migration);
  attendOwners(migration);
  attendCeremony(migration);
  setHandler(carried, () => leftOf(migration), {
    description: 'for a run that takes over: all that this one knows',
  });
  setHandler(plan, () => migration.hashed, { description: 'the plan and its hash' });
  steer(migration, approve, {
    description:
      'approve a gate: {gate, planHash, approver}; target-backup also {evidence} or {waiver}, and where approvers are configured {signedAt, signature}',
    refuse: (input) => {
      refuseApproval(migration, input);
      refuseUnsigned(migration, input);
    },
    act: (input) => void migration.approvals.push(approvalOf(migration, input)),
  });
  attendPauses(migration);
  steer(migration, retune, {
    description: 'change the pace of the transfer: {targetSeconds, contractsPerSecond, by}',
    refuse: (input) => refuseRetune(migration, input),
    act: (input) => {
      migration.tuning = retuned(migration.tuning, input);
      publish(migration);
    },
  });
  steer(migration, repair, {
    description: 'import missing contracts again and purge extra ones, after a comparison: {by}',
    refuse: (input) => refuseRepair(migration, input),
    act: ({ by }) => {
      noteEvent(migration.timeline, 'repair', by, Date.now());
      migration.repairBy = by;
      enter(migration, migration.stage, 'running');
    },
  });
  attendAbort(migration, untilNoReturn);
}

function attendAbort(migration: Migration, untilNoReturn: CancellationScope): void {
  steer(migration, abort, {
    description: 'end the migration and undo its changes, before the cut-over: {by}',
    refuse: (input) => refuseAbort(migration, input),
    act: ({ by }) => {
      noteEvent(migration.timeline, 'abort', by, Date.now());
      migration.abortedBy = by;
      untilNoReturn.cancel();
    },
  });
}

function attendPauses(migration: Migration): void {
  steer(migration, pause, {
    description: 'pause before the next step: {by}',
    refuse: (input) => refusePause(migration, input),
    act: ({ by }) => {
      noteEvent(migration.timeline, 'paused', by, Date.now());
      migration.isPaused = true;
      migration.pausedBy = by;
      publish(migration);
    },
  });
  steer(migration, resume, {
    description: 'continue after a pause or a stop: {by}',
    refuse: (input) => refuseResume(migration, input),
    act: ({ by }) => {
      noteEvent(migration.timeline, 'resumed', by, Date.now());
      migration.isPaused = false;
      delete migration.pausedBy;
      if (migration.state === 'stopped' || migration.state === 'paused')
        enter(migration, migration.stage, 'running');
    },
  });
}

/** Nothing of a state that may be anybody's, or that nobody could go on from. */
function leftOf(migration: Migration) {
  const { isUnproven, hashed, delegatedTo } = migration;
  if (isUnproven || (!hashed && delegatedTo === undefined)) return null;
  return { request: migration.request, carried: carriedOf(migration) };
}

/** What is left out stays, and null takes the limit off. */
function retuned(before: Tuning, { targetSeconds, contractsPerSecond }: RetuneInput): Tuning {
  const limit = contractsPerSecond === undefined ? before.contractsPerSecond : contractsPerSecond;
  return {
    targetSeconds: targetSeconds ?? before.targetSeconds,
    ...(typeof limit === 'number' && { contractsPerSecond: limit }),
  };
}

/** A signal that says nothing is not answered, and changes nothing but the count of these. */
function drop(migration: Migration): void {
  migration.droppedSignals = (migration.droppedSignals ?? 0) + 1;
}

/**
 * What the running transfer asks and tells.
 *
 * Signals of other names wait in the SDK for a handler that never comes; Temporal bounds their number. A default handler
 * would be worse: with one, the SDK throws at a name that begins with `__temporal_`, and the workflow task fails for ever.
 */
function attendTransfer(migration: Migration): void {
  setHandler(transferTuning, () => ({ ...migration.tuning, isPaused: migration.isPaused }), {
    description: 'for the running transfer: how fast to go',
  });
  setHandler(
    transferProgress,
    (told) => {
      const progress = readProgress(migration, told);
      if (!progress) {
        drop(migration);
        return;
      }
      const { checkpoint, offset, contractsPerSecond, isHeld } = progress;
      const { transfer, live } = migration;
      // Of several copies, only of the one that is under way; of a superseded one a signal may come late.
      if (offset !== transfer.copyOffset || transfer.exported || (live && isCopied(live))) return;
      if (transfer.checkpoint && isBehind(checkpoint, transfer.checkpoint)) return;
      transfer.checkpoint = checkpoint;
      migration.contractsPerSecond = contractsPerSecond;
      noteContracts(migration.timeline, importedOf(migration), Date.now());
      if (isHeld && migration.isPaused && migration.state === 'running')
        enter(migration, migration.stage, 'paused');
      publish(migration);
    },
    { description: 'of the running transfer: how far it is' },
  );
}

/** Whose signatures the hosting of the parties lacks, as the activity says that waits for them. */
function attendOwners(migration: Migration): void {
  setHandler(
    awaitedSignatures,
    (told) => {
      const awaited = readAwaited(told);
      if (!awaited) {
        drop(migration);
        return;
      }
      // One that comes late is about what is not waited for any more.
      if (!migration.transfer.awaited) return;
      migration.transfer.awaited = awaited;
      publish(migration);
    },
    { description: 'of what waits for owners of namespaces: who has not signed' },
  );
}

/** An export in more parts begins again with nothing. */
function isBehind(told: CopyCheckpoint, known: CopyCheckpoint): boolean {
  const [parts, before] = [told.parts ?? 1, known.parts ?? 1];
  return parts === before ? told.contractCount < known.contractCount : parts < before;
}
