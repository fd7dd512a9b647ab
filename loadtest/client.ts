import { setTimeout as wait } from 'node:timers/promises';

import type { IouCommand } from './commands.js';
import { answerOf, reasonOf } from '../canton/command-answers.js';
import type { Figures } from './figures.js';
import type { ContractModel, UsableContract } from './model.js';
import type { LoadNode } from './node.js';
import { noteOf } from './notes.js';
import type { Random } from './random.js';
import type { Serving } from './serving.js';
import { Attempts, type Submission } from './submission.js';

const AMOUNT_LIMIT = 1_000;
/** Of ten commands; the rest transfers and settles, half each: the number of contracts stays about the same. */
const CREATIONS = 4;
const TRANSFERS = 3;

/** What all clients of a load test share. */
export interface LoadParts {
  /** Of this load test, in every command id and note. */
  run: string;
  parties: string[];
  model: ContractModel;
  serving: Serving;
  figures: Figures;
  /** Commands that were abandoned while their outcome was open. */
  open: Attempts[];
  /** Update ids of transactions that created a contract which the node did not show: it hosted no stakeholder any more. */
  partial: Set<string>;
  /** From when on no client begins a command. */
  stop: AbortSignal;
  /** From when on no client goes on trying the command that it has. */
  patience: AbortSignal;
}

/** A client: one command at a time, at a steady rate, on contracts that it picks at random. */
export class LoadClient {
  private commands = 0;

  constructor(
    private readonly index: number,
    private readonly random: Random,
    private readonly parts: LoadParts,
  ) {}

  /** Runs until it is stopped; then its last command has ended. `intervalMs` lies between two beginnings. */
  async run(intervalMs: number, firstAt: number): Promise<void> {
    const { serving, stop, figures } = this.parts;
    const { pauses } = figures;
    pauses.begin(this.index, firstAt);
    for (let nextAt = firstAt; ; nextAt = Math.max(nextAt + intervalMs, Date.now())) {
      await wait(Math.max(0, nextAt - Date.now()), undefined, { signal: stop }).catch(() => undefined);
      if (stop.aborted) break;
      await serving.run((node) => this.command(node));
    }
    pauses.end(this.index, Date.now());
  }

  private async command(node: LoadNode): Promise<void> {
    const { parts } = this;
    const { submission, used } = this.choose();
    const attempts = new Attempts(submission, node, parts);
    const outcome = await attempts.run();
    if ('committed' in outcome) {
      const { created, updateId } = outcome.committed;
      parts.model.commit(outcome.committed);
      if (created.length === 0 && submission.command.kind !== 'settle') parts.partial.add(updateId);
      parts.figures.commands[submission.command.kind] += 1;
      parts.figures.pauses.succeed(this.index, Date.now());
      return;
    }
    const { error, isOpen } = outcome;
    const message = error instanceof Error ? error.message : String(error);
    const { commandId } = submission;
    parts.figures.fail({ commandId, node: outcome.node.name, reason: reasonOf(error), message });
    // A contract that an open command may have used, or that is not there, is of no use to anybody.
    const isGone = ['absent', 'ended'].includes(answerOf(error));
    if (isOpen) parts.open.push(attempts);
    else if (used && !isGone) parts.model.release(used);
  }

  private choose(): { submission: Submission; used?: UsableContract } {
    const { parties, model, run } = this.parts;
    this.commands += 1;
    const commandId = `${run}-${this.index}-${this.commands}`;
    const readAs = parties;
    const draw = this.random.below(10);
    const used = draw < CREATIONS ? undefined : model.take(this.random);
    if (!used) {
      const payer = this.random.of(parties);
      const command = this.creation(payer, noteOf(run, commandId));
      return { submission: { commandId, actAs: payer, readAs, command } };
    }
    const { contractId, iou } = used;
    if (draw >= CREATIONS + TRANSFERS) {
      const command: IouCommand = { kind: 'settle', contractId };
      return { submission: { commandId, actAs: iou.payer, readAs, command }, used };
    }
    const newOwner = this.otherThan(iou.owner);
    const command: IouCommand = { kind: 'transfer', contractId, newOwner };
    return { submission: { commandId, actAs: iou.owner, readAs, command }, used };
  }

  private creation(payer: string, note: string): IouCommand {
    const amount = String(1 + this.random.below(AMOUNT_LIMIT));
    return { kind: 'create', iou: { payer, owner: this.otherThan(payer), amount, note } };
  }

  private otherThan(party: string): string {
    const others = this.parts.parties.filter((one) => one !== party);
    return others.length > 0 ? this.random.of(others) : party;
  }
}
