import { sleep } from '@temporalio/activity';

import { addDigests } from '../../acs/party-digest.js';
import { readSnapshot, removeSpool } from '../../acs/spool.js';
import type { CantonError } from '../../canton/errors.js';
import type { CopyCheckpoint, SpoolSegment } from '../../model/acs.js';
import { mismatch, transient } from '../../model/failure.js';
import { awaitEndOfRepair } from '../nodes/connections.js';
import { currentFencing } from '../attempt/fencing.js';
import { workSignal } from '../hosting/isolation-monitor.js';
import type { Participants } from '../nodes/participants.js';
import { NO_CONTRACTS, withBreak } from './copy-start.js';
import { lastFailure } from './export-parts.js';
import { Pace, pauseMs } from './pace.js';
import type { ImportMode } from '../../model/participant.js';
import type { Participant } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { type ExportInput, type SpooledExport } from './spooling.js';
import { importContracts } from './used-contracts.js';
import { readIsolatedTarget, type OnboardingWindow } from '../hosting/window.js';

/** How often the migration is asked whether a pause is over. */
const HELD_MS = 1_000;
/** The migration is told of every fiftieth part, so that its history does not grow with the number of contracts. */
const REPORTS = 50;
const REPORT_INTERVAL_MS = 5_000;

export interface CopyInput extends ExportInput {
  workflowIdPrefix: string;
  /** Validation if absent. */
  importMode?: ImportMode;
  /** Ledger end of the target before the first import. Decimal int64. */
  targetLedgerEnd: string;
  /** What an earlier activity had done when it failed. */
  checkpoint?: CopyCheckpoint;
  /** On the live route: the target is a host already, and must not have been connected since. */
  window?: OnboardingWindow;
}

/** One attempt to bring the contracts of one export onto the target, call by call. */
export class Copy {
  private readonly target: Participant;
  private readonly fencing = currentFencing();
  private readonly pace = new Pace();
  /** What is on the target. */
  private at: CopyCheckpoint;
  private readonly startedAt = Date.now();
  private copiedHere = 0;
  private reportedAt = 0;
  private reportedCount = 0;
  private isHeld = false;

  constructor(
    private readonly participants: Participants,
    private readonly input: CopyInput,
    private readonly spooled: SpooledExport,
    start: CopyCheckpoint,
  ) {
    this.target = participants.change(input.target);
    this.at = start;
    this.reportedCount = this.at.contractCount;
  }

  async run(): Promise<CopyCheckpoint> {
    progress(() => this.progress());
    await this.skipWhatIsThere();
    for (;;) {
      const tuning = await this.clearance();
      const shard = await this.spooled.segments.nextShard(this.pace.next(tuning));
      if (shard.length === 0) break;
      const contracts = contractsIn(shard);
      const begin = performance.now();
      await this.send(shard);
      const seconds = (performance.now() - begin) / 1000;
      this.pace.learn(contracts, seconds);
      await this.report(false);
      await sleep(pauseMs(contracts, seconds, tuning));
    }
    await this.report(true);
    return this.at;
  }

  /**
   * Leaves to the next attempt that the export broke off; returns the failure of this one. What was imported of it stays, and
   * counts.
   */
  async noteBrokenOff(error: CantonError): Promise<Error> {
    const { at, isFinal } = withBreak(this.at, this.input);
    this.at = at;
    progress(() => this.progress());
    this.fencing.expire();
    await this.fencing.prove();
    await this.report(true);
    return isFinal ? lastFailure(error) : error;
  }

  /**
   * Moves past the contracts that are on the target, comparing them with what was recorded of them.
   *
   * The order of an export at one offset is fixed (admin-api 2.2), so what is there is its beginning.
   */
  private async skipWhatIsThere(): Promise<void> {
    await this.forgetWhatIsGone();
    const recorded = this.at;
    const there = await this.readImported();
    let passed = { contractCount: 0, digest: NO_CONTRACTS };
    let isRecordMet = recorded.contractCount === 0;
    while (passed.contractCount < there.contractCount) {
      const segment = await this.spooled.segments.next();
      if (!segment) break;
      passed = added(passed, [segment]);
      if (passed.contractCount === recorded.contractCount)
        isRecordMet = passed.digest === recorded.digest;
    }
    if (!isRecordMet || passed.contractCount !== there.contractCount) {
      throw mismatch(
        'ExportChanged',
        `the export of ${this.input.source.name} at offset ${this.input.offset} does not begin with the ` +
          `${there.contractCount} contracts that were imported from it`,
      );
    }
    this.at = { ...there, ...passed };
    this.reportedCount = passed.contractCount;
  }

  /** A target that was restored from the backup of the gate has none of what was imported since. */
  private async forgetWhatIsGone(): Promise<void> {
    const { window } = this.input;
    if (!window) return;
    const ledgerEnd = await this.target.ledger.readLedgerEnd();
    if (BigInt(ledgerEnd) >= BigInt(this.at.targetLedgerEnd)) return;
    const targetLedgerEnd = window.beginExclusive;
    this.at = { ...this.at, contractCount: 0, digest: NO_CONTRACTS, targetLedgerEnd, callCount: 0 };
  }

  /**
   * How far the target is, by the record and by the workflow ids of the imports since: a call may have been
   * committed although its answer was lost, and asking costs less than sending it again (admin-api 2.8).
   */
  private async readImported(): Promise<CopyCheckpoint> {
    const { target, input, at } = this;
    if (this.fencing.isRepeated || this.input.checkpoint) {
      progress(() => ({ ...this.progress(), waitingFor: 'an import of an earlier attempt to end' }));
      await awaitEndOfRepair(target, input.synchronizers.target);
      progress(() => this.progress());
    }
    await this.readIsolatedTarget();
    const targetLedgerEnd = await target.ledger.readLedgerEnd();
    let { contractCount, callCount } = at;
    if (targetLedgerEnd !== at.targetLedgerEnd) {
      const range = { beginExclusive: at.targetLedgerEnd, endInclusive: targetLedgerEnd };
      for await (const workflowId of target.ledger.scanWorkflowIds(range)) {
        const end = endOfShard(this.prefix(), workflowId);
        if (end === undefined || end <= contractCount) continue;
        contractCount = end;
        callCount += 1;
      }
    }
    return { ...at, contractCount, callCount, targetLedgerEnd };
  }

  /** Holds while the migration is paused; returns how fast to go. */
  private async clearance() {
    for (;;) {
      const tuning = await this.fencing.readTuning();
      if (this.isHeld !== tuning.isPaused) {
        this.isHeld = tuning.isPaused;
        await this.report(true);
      }
      if (!tuning.isPaused) return tuning;
      // Whoever waits for an operator must not hide that somebody connected the target.
      workSignal().throwIfAborted();
      await sleep(HELD_MS);
    }
  }

  private async send(shard: SpoolSegment[]): Promise<void> {
    const { target, input } = this;
    const next = { ...this.at, ...added(this.at, shard) };
    const snapshot = readSnapshot(this.spooled.place, shard);
    try {
      const chunks = await undamaged(snapshot, this.spooled);
      await this.readIsolatedTarget();
      await importContracts(this.participants, input, {
        chunks,
        workflowIdPrefix: shardPrefix(this.prefix(), this.at.contractCount, next.contractCount),
      });
    } finally {
      // A call that failed early has left its file open.
      await snapshot.return();
    }
    const targetLedgerEnd = await target.ledger.readLedgerEnd();
    this.copiedHere += contractsIn(shard);
    this.at = { ...next, targetLedgerEnd, callCount: this.at.callCount + 1 };
    progress(() => this.progress());
    this.fencing.expire();
  }

  /** Counts of an export in other parts are of other contracts. */
  private prefix(): string {
    const { parts = 1 } = this.at;
    return parts === 1 ? this.input.workflowIdPrefix : `${this.input.workflowIdPrefix}-in${parts}`;
  }

  private async readIsolatedTarget(): Promise<void> {
    const { target, input } = this;
    await readIsolatedTarget(target, { ...input, parties: input.parties });
  }

  /** Told rarely, unless it `matters` at once. */
  private async report(matters: boolean): Promise<void> {
    const { contractCount } = this.at;
    const since = contractCount - this.reportedCount;
    const isDue =
      since >= this.input.expectedContracts / REPORTS &&
      Date.now() - this.reportedAt >= REPORT_INTERVAL_MS;
    if (!matters && !isDue) return;
    this.reportedAt = Date.now();
    this.reportedCount = contractCount;
    const contractsPerSecond = this.contractsPerSecond();
    await this.fencing.report({
      checkpoint: this.at,
      offset: this.input.offset,
      contractsPerSecond,
      isHeld: this.isHeld,
    });
  }

  private contractsPerSecond(): number {
    return (this.copiedHere * 1000) / Math.max(1, Date.now() - this.startedAt);
  }

  private progress(): object {
    const imported = this.at.contractCount;
    const exported = this.spooled.received.contractCount;
    const of = Math.max(this.input.expectedContracts, exported);
    const perSecond = Math.round(this.contractsPerSecond());
    return {
      imported,
      of,
      exported,
      perSecond,
      ...(perSecond > 0 && { etaSeconds: Math.ceil((of - imported) / perSecond) }),
      ...(this.isHeld && { held: 'paused' }),
      checkpoint: this.at,
    };
  }
}

/** A damaged spool is thrown away, so that the next attempt exports again. */
async function undamaged(
  snapshot: AsyncGenerator<Buffer, void, undefined>,
  { place }: SpooledExport,
): Promise<AsyncIterable<Buffer>> {
  // The first piece comes when all of it was verified.
  const first = await snapshot.next().catch(async (error: Error) => {
    await removeSpool(place.folder);
    throw transient('ShardDamaged', error.message);
  });
  return (async function* () {
    if (first.value) yield first.value;
    yield* snapshot;
  })();
}

function contractsIn(shard: SpoolSegment[]): number {
  return shard.reduce((sum, { contractCount }) => sum + contractCount, 0);
}

function added<T extends { contractCount: number; digest: string }>(to: T, segments: SpoolSegment[]) {
  return segments.reduce(
    ({ contractCount, digest }, segment) => ({
      contractCount: contractCount + segment.contractCount,
      digest: addDigests(digest, segment.digest),
    }),
    { contractCount: to.contractCount, digest: to.digest },
  );
}

/**
 * Workflow ids of the contracts of one import call start with this: it says which of the export they are, counted
 * from 0, so that the target itself tells how far the copy is. Source: admin-api 2.6.
 */
function shardPrefix(workflowIdPrefix: string, from: number, to: number): string {
  return `${workflowIdPrefix}-${from}-${to}`;
}

/** The end of the shard that a workflow id belongs to; Canton appends the number of the repair transaction. */
function endOfShard(workflowIdPrefix: string, workflowId: string): number | undefined {
  if (!workflowId.startsWith(`${workflowIdPrefix}-`)) return undefined;
  const [, end] = /^\d+-(\d+)-\d+$/.exec(workflowId.slice(workflowIdPrefix.length + 1)) ?? [];
  return end === undefined ? undefined : Number(end);
}
