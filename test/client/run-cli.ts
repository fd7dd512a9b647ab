import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { assertNoSecret } from '../support/secret-scan.js';
import { nodeArguments, packageRoot } from '../../tools/package-root.js';

export interface CliResult {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the CLI as often as there are arguments: to load it takes longer than most of what it does. */
const TOGETHER = `
import { pathToFileURL } from 'node:url';
const [cli, runs] = [process.argv[1], JSON.parse(process.argv[2])];
process.stdout.setMaxListeners(0);
// Else commander reads the arguments as those of this script.
process.execArgv = [];
const write = process.stdout.write.bind(process.stdout);
const results = [];
for (const [at, args] of runs.entries()) {
  const result = { code: 0, out: '', err: '' };
  process.exitCode = 0;
  process.argv = [process.execPath, cli, ...args];
  process.stdout.write = (text) => (result.out += text, true);
  process.stderr.write = (text) => (result.err += text, true);
  await import(pathToFileURL(cli) + '?' + at);
  results.push({ ...result, code: process.exitCode });
}
process.exitCode = 0;
write(JSON.stringify(results));
`;

/** Runs the CLI with one after the other of `runs` in one process: for what comes to its end by itself. */
export async function runCliTogether(runs: readonly string[][]): Promise<CliResult[]> {
  const [cli = '', ...flags] = nodeArguments('client/cli').toReversed();
  const args = [...flags.toReversed(), '--input-type=module', '--eval', TOGETHER];
  const { out, err, code } = await run([...args, cli, JSON.stringify(runs)]);
  if (code !== 0) throw new Error(err);
  return JSON.parse(out) as CliResult[];
}

/** Runs the CLI in a process of its own, without a terminal, and returns what it printed. */
export async function runCli(args: string[], surroundings: Surroundings = {}): Promise<CliResult> {
  return run([...nodeArguments('client/cli'), ...args], surroundings);
}

interface Surroundings {
  environment?: NodeJS.ProcessEnv;
  input?: string;
  cwd?: string;
}

async function run(
  args: string[],
  { environment = {}, input = '', cwd = packageRoot }: Surroundings = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: {
      ...process.env,
      COLUMNS: '80',
      TEMPORAL_CONFIG_FILE: join(packageRoot, 'test/client/empty-profile.toml'),
      ...environment,
    },
  });
  child.stdin.end(input);
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  assertNoSecret(`the output of ${args.join(' ')}`, out + err);
  return { code, out, err };
}
