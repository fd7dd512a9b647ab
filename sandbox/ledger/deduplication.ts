import type { CantonRefusal } from '../errors.js';
import { duplicateCommand, submissionInFlight } from './command-refusals.js';
import type { LedgerEntry, Submission } from './entry.js';

/** The commands a node has carried out or is about to: each of them once. It knows nothing of other nodes. */
export class Deduplication {
  private readonly done = new Map<string, number>();
  private readonly inFlight = new Set<string>();

  /** Takes note of a command that is in the ledger. */
  note({ submission, commandId, offset }: LedgerEntry): void {
    if (submission && commandId !== '') this.done.set(keyOf(submission, commandId), offset);
  }

  /** Lets a command begin and returns how to end it; refuses one that was carried out or is in flight. */
  begin(submission: Submission, commandId: string): () => void {
    if (commandId === '') return () => undefined;
    const key = keyOf(submission, commandId);
    const refusal = this.refusalOf(key);
    if (refusal) throw refusal;
    this.inFlight.add(key);
    return () => this.inFlight.delete(key);
  }

  private refusalOf(key: string): CantonRefusal | undefined {
    const offset = this.done.get(key);
    if (offset !== undefined) return duplicateCommand(offset);
    return this.inFlight.has(key) ? submissionInFlight() : undefined;
  }
}

function keyOf({ userId, actAs }: Submission, commandId: string): string {
  return JSON.stringify([userId, [...new Set(actAs)].sort(), commandId]);
}
