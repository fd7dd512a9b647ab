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

/** Runs the CLI in a process of its own, without a terminal, and returns what it printed. */
export async function runCli(
  args: string[],
  {
    environment = {},
    input = '',
    cwd = packageRoot,
  }: { environment?: NodeJS.ProcessEnv; input?: string; cwd?: string } = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, [...nodeArguments('client/cli'), ...args], {
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
  assertNoSecret(`the output of canton-migrate ${args.join(' ')}`, out + err);
  return { code, out, err };
}
