import { hostname, userInfo } from 'node:os';

import { confirm, input } from '@inquirer/prompts';
import colors from 'picocolors';

import { plain, visibleJson } from '../model/shown-text.js';
import { addressed } from './addressed.js';
import { MigrationError, NotVerifiedError, RefusedError, AbortedError } from './errors.js';
import { createStyle, wrapped, type Style } from './render/style.js';

/** Exit codes of every command. */
export const EXIT = { done: 0, unexpected: 1, usage: 2, refused: 3, mismatch: 4 } as const;

/** Where a command prints: text for people with what to do next as its last line, or JSON for scripts. */
export class Terminal {
  readonly isInteractive: boolean;
  readonly style: Style;

  /** As it was named on the command line. */
  private migration: string | undefined;

  constructor(readonly isJson: boolean) {
    // Undefined where there is no terminal, whatever its type says; a colour library takes that for its default.
    const isTerminal = !isJson && process.stdout.isTTY === true;
    this.isInteractive = isTerminal && process.stdin.isTTY === true;
    const columns = () => (isTerminal ? process.stdout.columns : undefined);
    this.style = createStyle({ isTerminal, hasColor: isTerminal && colors.isColorSupported, columns });
  }

  /** Has the commands that are told next name this migration. */
  about(reference: string | undefined): void {
    this.migration = reference;
  }

  /** Text for people; nothing with `--json`. */
  print(text: string): void {
    if (this.isJson) return;
    process.stdout.write(`${wrapped(text, this.style.columns())}\n`);
  }

  /** One line of JSON; nothing without `--json`. */
  printJson(value: unknown): void {
    if (this.isJson) process.stdout.write(`${visibleJson(value)}\n`);
  }

  /** The last line of a command that ended well. */
  next(text: string): void {
    this.print(`${this.style.dim('next:')} ${addressed(text, this.migration)}`);
  }

  /** Asks on the terminal. Without one, `--yes` (or what `instead` says) has to have answered already. */
  async confirm(question: string, instead = '--yes', signal?: AbortSignal): Promise<boolean> {
    if (!this.isInteractive) {
      const message = `${instead}: missing, expected it where nobody can be asked: ${question}`;
      const next = `check what is shown, then repeat the command with ${instead}`;
      throw new MigrationError('usage', 'AnswerMissing', message, next);
    }
    return confirm({ message: question, default: false }, signal ? { signal } : {});
  }

  /** Asks for a line on the terminal; nothing without one, or if none is given. */
  async ask(question: string): Promise<string | undefined> {
    if (!this.isInteractive) return undefined;
    const answer = (await input({ message: question })).trim();
    return answer === '' ? undefined : answer;
  }

  /** Prints why a command failed and what to do next; returns its exit code. */
  fail(error: unknown): number {
    const { kind, type, message, ...told } = described(error);
    const next = addressed(told.next, this.migration);
    if (this.isJson) {
      this.printJson({ error: { kind, type, message, next, ...evidence(error) } });
    } else {
      const why = message.split('\n').map(plain).join('\n');
      const text = `${this.style.bad(plain(type))}: ${why}\n${this.style.dim('next:')} ${plain(next)}`;
      const columns = (process.stderr.isTTY && process.stderr.columns) || Infinity;
      process.stderr.write(`${wrapped(text, columns)}\n`);
    }
    return EXIT[kind];
  }
}

/** Who approves and steers, unless `--as` says otherwise. */
export function defaultIdentity(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A container whose user has no name.
    return `uid-${process.getuid?.() ?? 'unknown'}@${hostname()}`;
  }
}

function described(error: unknown): Pick<MigrationError, 'kind' | 'type' | 'message' | 'next'> {
  if (error instanceof MigrationError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const isLeft = error instanceof Error && error.name === 'ExitPromptError';
  if (isLeft) {
    const next = 'repeat the command when you are ready';
    return { kind: 'refused', type: 'NotAnswered', message: 'the question was not answered', next };
  }
  const next = 'check the log of the worker and the status: canton-migrate status';
  return { kind: 'unexpected', type: 'Unexpected', message, next };
}

function evidence(error: unknown): object {
  if (error instanceof RefusedError) return { obstacles: error.obstacles, planHash: error.plan.hash };
  if (error instanceof AbortedError) return { withdrawal: error.withdrawal };
  if (error instanceof NotVerifiedError) return { verification: error.verification };
  return {};
}
