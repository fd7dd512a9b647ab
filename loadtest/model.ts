import type { Committed, Iou, SeenContract } from './commands.js';
import type { Random } from './random.js';

/** A contract that clients may use: one of the sample template, all of whose stakeholders take part. */
export interface UsableContract {
  contractId: string;
  iou: Iou;
}

/**
 * The contracts that have to be active, from the answers that clients got, and which of them are free to be used.
 *
 * It knows nothing that no client was told: that is what makes a comparison with a node a proof.
 */
export class ContractModel {
  /** By contract id, those that are not archived. */
  private readonly active = new Map<string, SeenContract>();
  /** Contract ids of usable ones that no client has in use, in an order that can be drawn from. */
  private readonly free: string[] = [];
  /** Of all contracts that a command created, also of those that are gone. */
  private readonly notes = new Set<string>();
  private readonly parties: ReadonlySet<string>;

  constructor(parties: readonly string[]) {
    this.parties = new Set(parties);
  }

  get size(): number {
    return this.active.size;
  }

  /** What has to be active, by contract id. */
  get expected(): ReadonlyMap<string, SeenContract> {
    return this.active;
  }

  /** Adds a contract that was there before, or that a command created. Adding it again changes nothing. */
  add(contract: SeenContract): void {
    const { contractId, iou } = contract;
    if (this.active.has(contractId)) return;
    this.active.set(contractId, contract);
    const isUsable = iou && this.parties.has(iou.payer) && this.parties.has(iou.owner);
    if (isUsable) this.free.push(contractId);
  }

  /** Whether a command is known to have created a contract with this note. */
  hasNote(note: string): boolean {
    return this.notes.has(note);
  }

  /** Takes a contract that nobody else gets before it is {@link release}d; nothing if none is free. */
  take(random: Random): UsableContract | undefined {
    const index = random.below(this.free.length);
    const contractId = this.free[index];
    if (contractId === undefined) return undefined;
    const last = this.free.pop();
    if (last !== undefined && last !== contractId) this.free[index] = last;
    const iou = this.active.get(contractId)?.iou;
    if (!iou) throw new Error(`${contractId} is free and not usable`);
    return { contractId, iou };
  }

  /** Gives back a contract whose command did nothing. */
  release({ contractId }: UsableContract): void {
    if (this.active.has(contractId)) this.free.push(contractId);
  }

  /** What a committed command did; its contract was taken before. */
  commit({ created, archived }: Committed): void {
    for (const contractId of archived) this.active.delete(contractId);
    for (const contract of created) {
      this.add(contract);
      if (contract.iou) this.notes.add(contract.iou.note);
    }
  }
}
