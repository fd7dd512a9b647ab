import { sleep } from '@temporalio/activity';

import { addDigests } from '../../acs/party-digest.js';
import type { CantonError } from '../../canton/errors.js';
import type { ContractSetDigest, CopyCheckpoint } from '../../model/acs.js';
import { mismatch } from '../../model/failure.js';
import { awaitEndOfRepair } from '../nodes/connections.js';
import { currentFencing } from '../attempt/fencing.js';
import { workSignal } from '../hosting/isolation-monitor.js';
import type { Participants } from '../nodes/participants.js';
import { NO_CONTRACTS, withBreak } from './copy-start.js';
import { lastFailure } from './export-parts.js';
import { ImportCall, LOOK_MS } from './import-call.js';
import { Pace } from './pace.js';
import type { ImportMode } from '../../model/participant.js';
import type { Participant } from '../../model/participant-access.js';
import type { TransferTuning } from '../../model/steering.js';
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
  /** The call under way. */
  private call: ImportCall | undefined;

  /**
   * @param onCommitted told the ledger end of the target whenever all that was imported until then is
   * recorded.
   */
  constructor(
    private readonly participants: Participants,
    private readonly input: CopyInput,
    private readonly spooled: SpooledExport,
    start: CopyCheckpoint,
    private readonly onCommitted: (at: CopyCheckpoint, of: number) => void,
  ) {
    this.target = participants.change(input.target);
    this.at = start;
    this.reportedCount = this.at.contractCount;
  }

  async run(): Promise<CopyCheckpoint> {
    progress(() => this.progress());
    await this.skipWhatIsThere();
    for (let known: TransferTuning | undefined; ;) {
      const tuning = await this.clearance(known);
      known = undefined;
      const askedAt = performance.now();
      if (!(await this.spooled.segments.peek())) break;
      // The export may have taken long to get there.
      if (performance.now() - askedAt > LOOK_MS) continue;
      // The next call asks again when it begins.
      known = await this.send(tuning);
      await this.report(false);
      await sleep(this.pace.restMs(tuning));
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
    const { segments } = this.spooled;
    let passed: ContractSetDigest = { contractCount: 0, digest: NO_CONTRACTS };
    let isRecordMet = recorded.contractCount === 0;
    let isShorter = false;
    while (passed.contractCount < there.contractCount && !isShorter) {
      const segment = await segments.peek();
      isShorter = !segment;
      // Part of it: the target skips it when it comes again.
      if (!segment || passed.contractCount + segment.contractCount > there.contractCount) break;
      segments.take();
      passed = added(passed, segment);
      if (passed.contractCount === recorded.contractCount)
        isRecordMet = passed.digest === recorded.digest;
    }
    if (!isRecordMet || isShorter) {
      throw mismatch(
        'ExportChanged',
        `the export of ${this.input.source.name} at offset ${this.input.offset} does not begin with the ` +
          `${there.contractCount} contracts that were imported from it`,
      );
    }
    this.at = { ...there, ...passed };
    this.reportedCount = passed.contractCount;
    this.onCommitted(this.at, this.total);
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
   * How far the target is at least, by the record and by what its imports since have created: a call may have
   * been committed although its answer was lost, and asking costs less than sending it again (admin-api 2.8).
   * A call begins where everything before is there, and creates nothing for contracts that are there.
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
    const { importMovesLedgerEnd } = await target.health.readAbilities();
    // What a call committed without an answer comes again, and is skipped contract by contract.
    if (!importMovesLedgerEnd) return { ...at, targetLedgerEnd };
    const ends = new Map<number, number>();
    if (targetLedgerEnd !== at.targetLedgerEnd) {
      const range = { beginExclusive: at.targetLedgerEnd, endInclusive: targetLedgerEnd };
      for await (const { workflowId, createdCount } of target.ledger.scanCreations(range)) {
        const from = beginOfCall(this.prefix(), workflowId);
        if (from !== undefined) ends.set(from, (ends.get(from) ?? from) + createdCount);
      }
    }
    const contractCount = Math.max(at.contractCount, ...ends.values());
    return { ...at, contractCount, callCount: at.callCount + ends.size, targetLedgerEnd };
  }

  /** Holds while the migration is paused; returns how fast to go, as it is `known` or as the migration says. */
  private async clearance(known?: TransferTuning): Promise<TransferTuning> {
    if (known && !known.isPaused) return known;
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

  /**
   * Makes one import call; returns how fast to go, as the migration said last. Whatever ended it early is thrown once what was
   * sent is recorded.
   */
  private async send(tuning: TransferTuning): Promise<TransferTuning> {
    const { target, input, spooled, pace, fencing } = this;
    await this.readIsolatedTarget();
    // However long Temporal does not answer: once the call has begun, it may not be long.
    await fencing.prove();
    const call = new ImportCall({
      spooled,
      pace,
      fencing,
      tuning,
      left: this.total - this.at.contractCount,
    });
    this.call = call;
    try {
      await importContracts(this.participants, input, {
        chunks: call.chunks(),
        workflowIdPrefix: `${this.prefix()}-${this.at.contractCount}`,
      });
    } finally {
      call.close();
      this.call = undefined;
    }
    pace.learn(call);
    const targetLedgerEnd = await target.ledger.readLedgerEnd();
    const { sent } = call;
    this.copiedHere += sent.contractCount;
    this.at = { ...this.at, ...added(this.at, sent), targetLedgerEnd, callCount: this.at.callCount + 1 };
    progress(() => this.progress());
    this.fencing.expire();
    this.onCommitted(this.at, this.total);
    if (call.failure !== undefined) throw call.failure;
    return call.tuning;
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

  private get total(): number {
    return Math.max(this.input.expectedContracts, this.spooled.received.contractCount);
  }

  private progress(): object {
    const imported = this.at.contractCount;
    const exported = this.spooled.received.contractCount;
    const of = this.total;
    const perSecond = Math.round(this.contractsPerSecond());
    return {
      imported,
      of,
      exported,
      perSecond,
      ...(perSecond > 0 && { etaSeconds: Math.ceil((of - imported) / perSecond) }),
      ...(this.call && { sending: this.call.sent.contractCount }),
      ...(this.isHeld && { held: 'paused' }),
      checkpoint: this.at,
    };
  }
}

function added(to: ContractSetDigest, more: ContractSetDigest): ContractSetDigest {
  return {
    contractCount: to.contractCount + more.contractCount,
    digest: addDigests(to.digest, more.digest),
  };
}

/**
 * The first contract of the export that the call of a workflow id had, counted from 0: ids of one call are
 * `<prefix>-<first>-<n>`, where Canton appends the number of the repair transaction. Older ones have the end
 * of the call in between. Source: admin-api 2.6.
 */
function beginOfCall(prefix: string, workflowId: string): number | undefined {
  if (!workflowId.startsWith(`${prefix}-`)) return undefined;
  const [, first] = /^(\d+)(?:-\d+)?-\d+$/.exec(workflowId.slice(prefix.length + 1)) ?? [];
  return first === undefined ? undefined : Number(first);
}
