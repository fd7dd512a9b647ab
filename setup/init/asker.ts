import { confirm, input, select } from '@inquirer/prompts';

import { MigrationError } from '../../client/errors.js';

/** A question with the flag that answers it. */
interface Question {
  flag: string;
  /** On the command line. */
  given: string | undefined;
  message: string;
  /** What `--yes` answers; a question without it has to be answered. */
  fallback?: string | undefined;
  /** Says what is wrong with an answer, without quoting it. */
  check?: (answer: string) => string | undefined;
  /** Whether an answer may be a secret by mistake: it is shown only once it is a good one. */
  isVeiled?: boolean;
}

/** Asks on the terminal what no flag has answered; without one, or with `--yes`, takes the defaults. */
export class Asker {
  constructor(
    readonly isInteractive: boolean,
    private readonly takesDefaults: boolean,
  ) {}

  async text(question: Question): Promise<string> {
    const { message, fallback, check = () => undefined, isVeiled } = question;
    const known = this.known(question);
    if (known !== undefined) return known;
    const answer = await input({
      message,
      ...(fallback !== undefined && { default: fallback }),
      validate: (text) => check(text.trim()) ?? true,
      ...(isVeiled && {
        transformer: (text: string) => (check(text) === undefined ? text : '*'.repeat(text.length)),
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

  /** Nobody is asked without a terminal: then the answer is no. */
  async confirm(message: string): Promise<boolean> {
    return this.isInteractive && confirm({ message, default: false });
  }

  /** The answer of a flag or the default; nothing if somebody is to be asked. */
  private known({ flag, given, fallback, check }: Question): string | undefined {
    if (given !== undefined) {
      const problem = check?.(given);
      if (problem !== undefined) throw invalid(flag, problem);
      return given;
    }
    if (this.isInteractive && !this.takesDefaults) return undefined;
    if (this.takesDefaults && fallback !== undefined) return fallback;
    throw new MigrationError(
      'usage',
      'AnswerMissing',
      `${flag}: missing, expected it where nobody can be asked`,
      fallback === undefined
        ? `repeat the command with ${flag}`
        : `repeat the command with ${flag}, or with --yes, which takes the defaults`,
    );
  }
}

/** An answer that cannot be taken; it is not quoted. */
export function invalid(flag: string, problem: string): MigrationError {
  return new MigrationError(
    'usage',
    'AnswerInvalid',
    `${flag}: ${problem}`,
    'correct it and repeat the command',
  );
}
