import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

import { nodeArguments } from './package-root.js';
import { isGroupAlive, signalGroup } from './process-group.js';

const TERMINATE_LIMIT_MS = 10_000;
const POLL_MS = 20;
/** How much of what a process said last is shown if it fails. */
const TAIL_LINES = 20;

/** A process that ends with us, however we end. */
export interface OwnedProcess {
  readonly pid: number;
  /** Resolves with the exit code, or the name of the signal that ended it. */
  readonly exited: Promise<number | string>;
  /** Resolves with the first line of standard output that `accept` is true for; fails if the process ends before. */
  readonly firstLine: (accept: (line: string) => boolean, limitMs: number) => Promise<string>;
  /** Ends the process and what it started: SIGTERM, after 10 s SIGKILL. Repeating it changes nothing. */
  readonly stop: () => Promise<void>;
  /** What it said last, on both outputs. */
  readonly tail: () => string;
}

let guardian: ChildProcess | undefined;

/** Starts a process in its own process group and has it ended when this process ends, also by SIGKILL. */
export function startProcess(
  name: string,
  command: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): OwnedProcess {
  const child = spawn(command, args, {
    ...options,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  const out = createInterface({ input: child.stdout });
  const err = createInterface({ input: child.stderr });
  const keep = (line: string) => {
    lines.push(line);
    if (lines.length > TAIL_LINES) lines.shift();
  };
  out.on('line', (line) => {
    keep(line);
    for (const listener of listeners) listener(line);
  });
  err.on('line', keep);

  const tail = () => lines.join('\n');
  const exited = new Promise<number | string>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${name} did not start: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (child.pid !== undefined) tellGuardian(`gone ${child.pid}`);
      resolve(code ?? signal ?? 'unknown');
    });
  });
  exited.catch(() => undefined);
  const pid = child.pid ?? 0;
  if (pid) tellGuardian(`process ${pid}`);

  const firstLine = async (accept: (line: string) => boolean, limitMs: number) => {
    const timer = new AbortController();
    let listener: (line: string) => void = () => undefined;
    const said = new Promise<string>((resolve) => {
      listener = (line) => accept(line) && resolve(line);
      for (const line of lines) listener(line);
      listeners.add(listener);
    });
    const ended = exited.then((code) => {
      throw new Error(`${name} ended with ${code} before it was ready\n${tail()}`);
    });
    const late = setTimeout(limitMs, undefined, { signal: timer.signal }).then(() => {
      throw new Error(`${name} was not ready after ${limitMs / 1000} s\n${tail()}`);
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([said, ended, late]);
    } finally {
      timer.abort();
      listeners.delete(listener);
    }
  };

  return { pid, exited, firstLine, tail, stop: () => stopGroup(pid) };
}

/** Has a folder removed when this process ends, however it ends. */
export function removeAtEnd(folder: string): void {
  tellGuardian(`folder ${folder}`);
}

async function stopGroup(pid: number): Promise<void> {
  if (!pid) return;
  signalGroup(pid, 'SIGTERM');
  for (let waitedMs = 0; isGroupAlive(pid); waitedMs += POLL_MS) {
    if (waitedMs >= TERMINATE_LIMIT_MS) signalGroup(pid, 'SIGKILL');
    await setTimeout(POLL_MS);
  }
}

function tellGuardian(line: string): void {
  guardian ??= startGuardian();
  guardian.stdin?.write(`${line}\n`);
}

function startGuardian(): ChildProcess {
  const child = spawn(process.execPath, nodeArguments('tools/guardian'), {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // It must not keep this process alive: that it loses its standard input is its signal to act.
  child.unref();
  (child.stdin as unknown as { unref?: () => void }).unref?.();
  child.stdin.on('error', () => undefined);
  return child;
}
