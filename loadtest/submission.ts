import { setTimeout as wait } from 'node:timers/promises';

import type { Committed, IouCommand } from './commands.js';
import { answerOf, reasonOf } from '../canton/command-answers.js';
import type { Figures } from './figures.js';
import type { LoadNode } from './node.js';
import type { Serving } from './serving.js';

/** How long a client tries one command: as long as a node may take to come back. */
const PATIENCE_MS = 180_000;
/** What was committed on the other node is visible here by then, or lost. */
const LAG_MS = 10_000;
const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 1_000;
/** Flags are cleared in seconds, not in milliseconds. */
const ONBOARDING_BACKOFF_MS = 500;

export interface Submission {
  commandId: string;
  actAs: string;
  /** Every party of the load test: what a command did to any of them has to be seen. */
  readAs: string[];
  command: IouCommand;
}

/** How a command ended for its client: what it did, or the failure. `isOpen`: whether it did anything is unknown. */
export type Outcome = { committed: Committed } | { error: unknown; node: LoadNode; isOpen: boolean };

/** Where and when a command was sent without an answer. */
interface Unanswered {
  node: LoadNode;
  commandId: string;
  beginExclusive: string;
  lastAttemptAt: number;
}

/**
 * One command of a client, tried until it is known to be committed, or to be in vain.
 *
 * Every attempt has the same command id. While an attempt on a node has no answer, the command goes to no other
 * node: each deduplicates by itself, and the command would happen twice. Source: live-route 4.
 */
export class Attempts {
  private unanswered: Unanswered | undefined;
  /** An attempt on the node whose answer says that it did nothing. */
  private refused: Unanswered | undefined;
  /** Where a look for the command begins on the node that it is sent to. */
  private beginExclusive: string | undefined;
  private readonly deadline = Date.now() + PATIENCE_MS;
  private backoffMs = FIRST_BACKOFF_MS;
  private absentSince: number | undefined;

  constructor(
    private readonly submission: Submission,
    private node: LoadNode,
    private readonly around: { serving: Serving; figures: Figures; patience: AbortSignal },
  ) {}

  async run(): Promise<Outcome> {
    for (;;) {
      try {
        const committed = await this.attempt();
        if (committed) return this.ended(committed);
      } catch (error) {
        const isOver = Date.now() > this.deadline || this.around.patience.aborted;
        if (error instanceof GivenUp || isOver) return this.failed(error);
        this.around.figures.retry(reasonOf(error));
      }
      await this.pause(this.backoffMs);
    }
  }

  /** Returns what the command did; nothing if there has to be another attempt. */
  private async attempt(): Promise<Committed | undefined> {
    const { commandId, actAs, readAs, command } = this.submission;
    const { node } = this;
    this.beginExclusive ??= await node.readFloor();
    const { beginExclusive } = this;
    try {
      return await node.commands.submit({ commandId, actAs: [actAs], readAs, command });
    } catch (error) {
      return await this.react(error, { node, commandId, beginExclusive, lastAttemptAt: Date.now() });
    }
  }

  private async react(error: unknown, sent: Unanswered): Promise<Committed | undefined> {
    const { node, submission } = this;
    switch (answerOf(error)) {
      case 'unknown':
        this.unanswered = sent;
        throw error;
      case 'retry':
        this.refused = sent;
        throw error;
      case 'duplicate': {
        this.unanswered ??= sent;
        const found = await node.find(submission.commandId, sent.beginExclusive);
        if (found) return found;
        throw error;
      }
      case 'elsewhere':
        return (await this.decide()) ?? this.goTo(this.around.serving.other(node), error);
      case 'onboarding':
        await this.pause(ONBOARDING_BACKOFF_MS);
        return (await this.decide()) ?? this.goTo(this.around.serving.other(node), error);
      case 'absent':
        this.unanswered ??= this.refused;
        return (await this.decide()) ?? this.missing(error);
      case 'ended': {
        this.unanswered ??= this.refused;
        const found = await node.find(submission.commandId, sent.beginExclusive);
        if (found) return found;
        // What ended the contract is not shown yet; once it is, the contract is absent.
        throw error;
      }
      case 'failed':
        return (await this.decide()) ?? giveUp(error);
    }
  }

  /** Finds out what became of an attempt without an answer; nothing if there is none, or it did nothing. */
  async decide(signal = this.around.patience): Promise<Committed | undefined> {
    if (!this.unanswered) return undefined;
    const found = await this.unanswered.node.decide(this.unanswered, signal);
    if (found) return found;
    this.unanswered = undefined;
    this.around.figures.resolved += 1;
    return undefined;
  }

  /** A contract that another node committed may come a little later to this one; after that it is lost. */
  private missing(error: unknown): never {
    this.absentSince ??= Date.now();
    const hasMoved = this.around.serving.moves.length > 0;
    if (!hasMoved || Date.now() - this.absentSince > LAG_MS) giveUp(error);
    throw error;
  }

  /** Only what is known to have done nothing on the one node goes to the other. */
  private goTo(other: LoadNode | undefined, error: unknown): never {
    if (!other) giveUp(error);
    this.around.serving.follow(other, reasonOf(error));
    this.node = other;
    this.beginExclusive = undefined;
    this.refused = undefined;
    throw error;
  }

  private ended(committed: Committed): Outcome {
    this.node.noteOffset(committed.offset);
    if (this.unanswered) this.around.figures.resolved += 1;
    return { committed };
  }

  private failed(error: unknown): Outcome {
    const cause = error instanceof GivenUp ? error.cause : error;
    return { error: cause, node: this.node, isOpen: this.unanswered !== undefined };
  }

  private async pause(milliseconds: number): Promise<void> {
    this.backoffMs = Math.min(this.backoffMs * 2, LONGEST_BACKOFF_MS);
    await wait(milliseconds, undefined, { signal: this.around.patience }).catch(() => undefined);
  }
}

class GivenUp extends Error {}

function giveUp(cause: unknown): never {
  throw new GivenUp('no further attempt helps', { cause });
}
