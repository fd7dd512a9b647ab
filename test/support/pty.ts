import type { TestContext } from 'node:test';

import { spawn } from '@lydell/node-pty';

import { nodeArguments, packageRoot } from '../../tools/package-root.js';
import { assertNoSecret } from './secret-scan.js';

/** A terminal as narrow as any that is written for. */
const NARROW = 60;
/** What a terminal sends for keys. */
export const ENTER = '\r';
export const CTRL_C = '\x03';
export const DOWN = '\x1b[B';

const ESCAPES = /\x1b\[[0-9;?]*[A-Za-z]/g; // eslint-disable-line no-control-regex -- of a terminal
const ANSWER_LIMIT_MS = 60_000;

/** A program on a pseudo-terminal. */
export interface Pty {
  write: (text: string) => void;
  /** Forgets what it has said so far. */
  clear: () => void;
  /** Resolves with what `look` finds in what it has said since, escapes and all. */
  until: <T>(look: (said: string) => T | undefined, limitMs: number) => Promise<T>;
  /** Its exit code. */
  exited: Promise<number>;
}

/** Starts a program on a pseudo-terminal; it ends with the test. */
export function openPty(
  t: TestContext,
  file: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; cols: number },
): Pty {
  // What is undefined would be a text here.
  const env = Object.fromEntries(Object.entries(options.env).filter(([, value]) => value !== undefined));
  const terminal = spawn(file, args, { ...options, env, rows: 60, name: 'xterm-256color' });
  t.after(() => terminal.kill('SIGKILL'));
  let said = '';
  let heard: () => void = () => undefined;
  terminal.onData((data) => {
    said += data;
    heard();
  });
  const exited = new Promise<number>((resolve) => {
    terminal.onExit(({ exitCode }) => resolve(exitCode));
  });
  return {
    write: (text) => terminal.write(text),
    clear: () => (said = ''),
    until: (look, limitMs) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`not shown in ${limitMs / 1000} s:\n${shown(said).slice(-4_000)}`)),
          limitMs,
        );
        heard = () => {
          const found = look(said);
          if (found === undefined) return;
          clearTimeout(late);
          heard = () => undefined;
          resolve(found);
        };
        heard();
      }),
    exited,
  };
}

/** What is read on a terminal, without colours and moves of the cursor. */
export function shown(said: string): string {
  return said.replace(ESCAPES, '').replaceAll('\r', '');
}

/** The CLI on a terminal, as an operator has it. */
export interface OperatorsTerminal {
  /** Resolves with what was shown up to this, since what was waited for before. */
  sees: (pattern: RegExp) => Promise<string>;
  types: (keys: string) => void;
  /** The exit code, and all that was shown. */
  ended: () => Promise<{ code: number; text: string }>;
}

/** Runs the CLI on a narrow terminal. */
export function cliOnTerminal(
  t: TestContext,
  args: string[],
  { cwd = packageRoot, environment = {} }: { cwd?: string; environment?: NodeJS.ProcessEnv } = {},
): OperatorsTerminal {
  const all = [...nodeArguments('client/cli'), ...args];
  const env = { ...process.env, ...environment };
  const pty = openPty(t, process.execPath, all, { cwd, env, cols: NARROW });
  let seen = 0;
  return {
    sees: (pattern) =>
      pty.until((said) => {
        const text = shown(said).slice(seen);
        const found = pattern.exec(text);
        if (!found) return undefined;
        const end = found.index + found[0].length;
        seen += end;
        return text.slice(0, end);
      }, ANSWER_LIMIT_MS),
    types: pty.write,
    ended: async () => {
      const code = await pty.exited;
      const text = await pty.until(shown, ANSWER_LIMIT_MS);
      assertNoSecret(`what canton-migrate ${args.join(' ')} shows`, text);
      return { code, text };
    },
  };
}

/** Lines that are wider than a narrow terminal, but for one word or a command that is pasted. */
export function tooWide(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.length > NARROW)
    .filter((line) => !/^ *(\S+|(canton-migrate|openssl|temporal|export) .*)$/.test(line));
}
