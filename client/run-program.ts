import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Ctrl-C on a terminal reaches the program without us. */
const FORWARDED: NodeJS.Signals[] = process.stdin.isTTY
  ? ['SIGTERM', 'SIGHUP']
  : ['SIGTERM', 'SIGHUP', 'SIGINT'];

// V8 sizes its heap by the machine's memory and would let 100 MB of garbage lie: a worker streams, and keeps some
// 40 MB, which may grow by a fifth before it is collected. The bound leaves room for the largest plan.
const FLAGS = {
  worker: ['--max-semi-space-size=1', '--heap-growing-percent=20', '--max-old-space-size=1024'],
  loadtest: [],
  sandbox: [],
  setup: [],
} as const;

// Of glibc: the threads of Node and of Temporal's core would each keep freed memory of their own, and the buffers of
// exports and imports would stay in it.
const ENVIRONMENT = {
  worker: { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' },
  loadtest: {},
  sandbox: {},
  setup: {},
} as const;

/** A program of this package that runs in a process of its own. */
export type Program = keyof typeof FLAGS;

/** Returns the flags of Node that a program runs with, but for those that an operator sets by `NODE_OPTIONS`. */
export function nodeFlags(name: Program, operators = process.env['NODE_OPTIONS'] ?? ''): string[] {
  return FLAGS[name].filter((flag) => !operators.includes(flag.slice(0, flag.indexOf('='))));
}

/** Returns the environment that a program runs in: what an operator sets holds. */
export function nodeEnvironment(name: Program, operators = process.env): NodeJS.ProcessEnv {
  return { ...ENVIRONMENT[name], ...operators };
}

/**
 * Runs another program of this package in a process of its own, with our input and output; resolves with its
 * exit code. Signals reach it, and it ends with us, however we end: nobody else knows of it.
 */
export async function runProgram(name: Program, args: string[]): Promise<number> {
  const isSource = import.meta.url.endsWith('.ts');
  const beside = fileURLToPath(new URL(`../${name}/main.${isSource ? 'ts' : 'js'}`, import.meta.url));
  // An install has the sandbox in a package of its own.
  const main = existsSync(beside) ? beside : fileURLToPath(import.meta.resolve(`canton-${name}/main`));
  const loader = isSource ? ['--import', import.meta.resolve('tsx')] : [];
  const all = [...nodeFlags(name), ...loader, main, ...args];
  // The channel closes when we end, also if we are killed: the program stops then, as after SIGTERM.
  const env = nodeEnvironment(name);
  const child = spawn(process.execPath, all, { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);
  const ignore = () => undefined;
  if (process.stdin.isTTY) process.on('SIGINT', ignore);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
    process.off('SIGINT', ignore);
  }
}
