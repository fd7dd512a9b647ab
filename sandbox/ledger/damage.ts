import type { Journal } from '../node.js';

/** A contract whose history on this node has a hole. */
export interface Damaged {
  readonly contractId: string;
  /** Logical id. */
  readonly synchronizerId: string;
  /** It ended here without having been active, or began here although it was here before. */
  readonly kind: 'archived' | 'created';
  /** UTC, microseconds. */
  readonly recordTimeMicros: number;
}

/**
 * What a node processed although it cannot be: nothing is said when it happens, and nothing heals it.
 * Source: live-route 6.
 */
export class Damage {
  private readonly byId = new Map<string, Damaged>();

  constructor(private readonly journal: Journal) {
    for (const one of journal.replay('damage')) this.keep(one);
  }

  /** Remembers a contract for good; the first note of it counts. */
  note(one: Damaged): void {
    if (this.byId.has(one.contractId)) return;
    this.journal.append('damage', one);
    this.keep(one);
  }

  /** Lists what is damaged, in the order it was. */
  list(): readonly Damaged[] {
    return [...this.byId.values()];
  }

  /** Finds the note of a contract. */
  find(contractId: string): Damaged | undefined {
    return this.byId.get(contractId);
  }

  /** The first note of a synchronizer (logical id). */
  first(synchronizerId: string): Damaged | undefined {
    return this.list().find((one) => one.synchronizerId === synchronizerId);
  }

  private keep(one: Damaged): void {
    this.byId.set(one.contractId, one);
  }
}
