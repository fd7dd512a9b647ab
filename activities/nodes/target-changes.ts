import type { ImportRules } from '../../acs/inspection.js';
import { packRecords } from '../../acs/record-snapshot.js';
import { awaitEndOfRepair } from './connections.js';
import { currentFencing } from '../attempt/fencing.js';
import { provenMode } from '../contracts/import-mode.js';
import { readImportRules } from '../contracts/import-rules.js';
import type { Participants } from './participants.js';
import type { ImportMode } from '../../model/participant.js';
import type { Participant } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { type ExportInput } from '../contracts/spooling.js';
import { importContracts } from '../contracts/used-contracts.js';
import { workSignal } from '../hosting/isolation-monitor.js';
import { readIsolatedTarget, type OnboardingWindow } from '../hosting/window.js';

/** Contracts in one import or purge; a request may have 10 MiB, and the records are held in memory. */
export const CHANGED_AT_ONCE = 10_000;
/** Of records held in memory, unpacked. */
export const RECORD_BYTES_AT_ONCE = 64 * 1024 * 1024;

export interface ChangeInput extends ExportInput {
  /** Of the target synchronizer, on the target. */
  alias: string;
  workflowIdPrefix: string;
  /** Validation if absent. */
  importMode?: ImportMode;
  /** On the live route: the target is a host already, and must not have been connected since. */
  window?: OnboardingWindow;
}

/** Makes single changes of the frozen target's ACS. */
export class TargetChanges {
  readonly fencing = currentFencing();
  readonly target: Participant;
  private rules: ImportRules | undefined;
  private mode: ImportMode | undefined;

  constructor(
    private readonly participants: Participants,
    private readonly input: ChangeInput,
  ) {
    this.target = participants.change(input.target);
  }

  /** Waits until nothing of an earlier attempt is under way inside the target. */
  async begin(): Promise<void> {
    if (!this.fencing.isRepeated) return;
    progress({ ...this.fencing.recorded, waitingFor: 'an import of an earlier attempt to end' });
    await awaitEndOfRepair(this.target, this.input.synchronizers.target);
  }

  /** Imports contracts from their records, which are inspected as those of an export; skips what is there. */
  async importRecords(records: Uint8Array[], prefixEnd: string): Promise<void> {
    if (records.length === 0) return;
    const { input } = this;
    this.rules ??= await readImportRules(this.participants, input);
    this.mode ??= await provenMode(this.participants, input);
    const snapshot = await packRecords(records, this.rules);
    await this.mayChange();
    const asProven = { ...input, importMode: this.mode };
    await importContracts(this.participants, asProven, {
      chunks: once(snapshot),
      workflowIdPrefix: `${input.workflowIdPrefix}-${prefixEnd}`,
    });
  }

  /** Purges contracts; ignores what is not there. */
  async purge(contractIds: string[]): Promise<void> {
    for (let at = 0; at < contractIds.length; at += CHANGED_AT_ONCE) {
      await this.mayChange();
      await this.target.repair.purgeContracts(
        this.input.alias,
        contractIds.slice(at, at + CHANGED_AT_ONCE),
      );
    }
  }

  private async mayChange(): Promise<void> {
    workSignal().throwIfAborted();
    await readIsolatedTarget(this.target, { ...this.input, parties: this.input.parties });
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
