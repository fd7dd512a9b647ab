import { confirm, input, select } from '@inquirer/prompts';

import { MigrationError } from '../../client/errors.js';
import type { Terminal } from '../../client/terminal.js';
import { bounded, plain } from '../../model/shown-text.js';

/** Of a wrong answer. */
const FOUND_LIMIT = 80;

/** A question with the flag that answers it. */
interface Question {
  flag: string;
  /** On the command line. */
  given: string | undefined;
  /** So short that the answer has room beside it on a narrow terminal. */
  message: string;
  /** What `--yes` answers; a question without it has to be answered. */
  fallback?: string | undefined;
  /** Why there is nothing that `--yes` could answer. */
  why?: string | undefined;
  /** Says what is expected instead of an answer, if it is not a good one. */
  expected?: (answer: string) => string | undefined;
  /** Whether an answer may be a secret by mistake: it is shown only once it is a good one. */
  isVeiled?: boolean;
}

/** Asks on the terminal what no flag has answered; without one, or with `--yes`, takes the defaults. */
export class Asker {
  /** Whether somebody answers. */
  readonly isAsking: boolean;

  constructor(
    private readonly terminal: Terminal,
    private readonly takesDefaults: boolean,
  ) {
    this.isAsking = terminal.isInteractive && !takesDefaults;
  }

  /** Says on the terminal what questions that follow are about. */
  tell(text: string): void {
    if (this.isAsking) this.terminal.print(`\n${text}`);
  }

  async text(question: Question): Promise<string> {
    const known = this.known(question);
    if (known !== undefined) return known;
    const { message, fallback, isVeiled } = question;
    const answer = await input({
      message,
      ...(fallback !== undefined && { default: fallback }),
      validate: (text) => problemOf(question, text.trim()) ?? true,
      ...(isVeiled && {
        transformer: (text: string) =>
          problemOf(question, text) === undefined ? text : '*'.repeat(text.length),
      }),
    });
    return answer.trim();
  }

  async choice(
    question: Question,
    choices: readonly { value: string; name: string }[],
  ): Promise<string> {
    const known = this.known(question);
    if (known !== undefined) return known;
    const { message, fallback } = question;
    return select({ message, choices, ...(fallback !== undefined && { default: fallback }) });
  }

  /** Where nobody is asked the answer is no. */
  async confirm(message: string): Promise<boolean> {
    return this.isAsking && confirm({ message, default: false });
  }

  /** The answer of a flag or the default; nothing if somebody is to be asked. */
  private known(question: Question): string | undefined {
    const { flag, given, fallback, why } = question;
    if (given !== undefined) {
      const problem = problemOf(question, given);
      if (problem !== undefined) throw invalid(flag, problem);
      return given;
    }
    if (this.isAsking) return undefined;
    if (this.takesDefaults && fallback !== undefined) return fallback;
    throw new MigrationError(
      'usage',
      'AnswerMissing',
      `${flag}: missing, expected it where nobody is asked${why === undefined ? '' : `: ${why}`}`,
      fallback === undefined
        ? `repeat the command with ${flag}`
        : `repeat the command with ${flag}, or with --yes, which takes the defaults`,
    );
  }
}

function problemOf({ expected, isVeiled }: Question, answer: string): string | undefined {
  const wanted = expected?.(answer);
  if (wanted === undefined) return undefined;
  const found = isVeiled ? 'something else' : bounded(plain(answer), FOUND_LIMIT);
  return `found ${answer === '' ? 'nothing' : found}, expected ${wanted}`;
}

/** An answer that cannot be taken. */
export function invalid(flag: string, problem: string): MigrationError {
  return new MigrationError(
    'usage',
    'AnswerInvalid',
    `${flag}: ${problem}`,
    'correct it and repeat the command',
  );
}
