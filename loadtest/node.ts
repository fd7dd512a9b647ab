import { setTimeout as wait } from 'node:timers/promises';

import type { Channel } from '../canton/channel.js';
import type { ParticipantReads } from '../model/participant-access.js';
import { Commands, type Committed } from './commands.js';

/** Confirmation response timeout plus mediator reaction timeout, and some. Source: live-route 5. */
const DECIDED_AFTER_MS = 75_000;
/** A request is counted as in flight by then. */
const COUNTED_AFTER_MS = 1_000;
const POLL_MS = 250;

type Participant = Pick<ParticipantReads, 'health' | 'synchronizers' | 'ledger'>;

/** One of the two participants, as the clients use it. */
export class LoadNode {
  /** No command that is yet to be sent is committed at or before it. */
  private floor: Promise<bigint> | undefined;
  /** The first floor. */
  private begin: bigint | undefined;

  constructor(
    readonly name: string,
    readonly commands: Commands,
    private readonly participant: Participant,
    private readonly parties: string[],
  ) {}

  /** An offset of this node that everything sent from now on lies after, decimal int64. */
  async readFloor(): Promise<string> {
    this.floor ??= this.participant.ledger.readLedgerEnd().then(BigInt);
    try {
      const floor = await this.floor;
      this.begin ??= floor;
      return floor.toString();
    } catch (error) {
      this.floor = undefined;
      throw error;
    }
  }

  /** Notes that the node answered with a transaction at this offset. */
  noteOffset(offset: string): void {
    const seen = BigInt(offset);
    this.floor = this.floor?.then((floor) => (seen > floor ? seen : floor));
  }

  async find(commandId: string, beginExclusive: string): Promise<Committed | undefined> {
    const { parties } = this;
    return this.commands.findCommitted({ wanted: { commandId }, parties, beginExclusive });
  }

  /** Finds a transaction that was submitted to the other node; nothing if this one was not there from the beginning. */
  async findUpdate(updateId: string): Promise<Committed | undefined> {
    const { parties, begin } = this;
    if (begin === undefined) return undefined;
    const beginExclusive = begin.toString();
    return this.commands.findCommitted({ wanted: { updateId }, parties, beginExclusive });
  }

  /**
   * Finds out what became of a command that this node got and no longer takes: what it did, or that it did nothing.
   *
   * Nothing is certain while it may be under way: only a look at the updates after nothing was in flight, or after
   * every timeout, is. Fails if the node cannot be asked.
   */
  async decide(
    sent: { commandId: string; beginExclusive: string; lastAttemptAt: number },
    signal: AbortSignal,
  ): Promise<Committed | undefined> {
    for (;;) {
      const age = Date.now() - sent.lastAttemptAt;
      const isDecided =
        age > DECIDED_AFTER_MS || (age > COUNTED_AFTER_MS && (await this.countInFlight()) === 0);
      const found = await this.find(sent.commandId, sent.beginExclusive);
      if (found || isDecided) return found;
      await wait(POLL_MS, undefined, { signal });
    }
  }

  private async countInFlight(): Promise<number> {
    const registered = await this.participant.synchronizers.listRegistered();
    let count = 0;
    for (const { logicalId } of registered.filter((one) => one.logicalId !== '')) {
      const { pendingSubmissions, pendingTransactions } =
        await this.participant.health.countInFlight(logicalId);
      count += pendingSubmissions + pendingTransactions;
    }
    return count;
  }
}

/** Opens a channel for the commands of a participant. */
export function commandsOf(channel: Channel, hasCredential: boolean): Commands {
  // A node without authorization does not know who submits; with a token, it does and takes no other name.
  return new Commands(channel, hasCredential ? '' : 'canton-migrate-loadtest');
}
