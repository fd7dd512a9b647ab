import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { packageRoot } from '../../tools/package-root.js';
import { stagesOf, type BuildStep, type Stage } from './dockerfile.js';

const run = promisify(execFile);

/** What stands in for the base images: this machine's programs, and nothing else of it. */
const PROGRAMS = [...new Set(['/usr', dirname(dirname(process.execPath))])].filter(
  (path) => path === '/usr' || !path.startsWith('/usr/'),
);
const PATH = [dirname(process.execPath), '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');
const CACHE = '/npm-cache';
/** How npm reaches its registry here. */
const NETWORK =
  /^(npm_config_(registry|cafile)|https?_proxy|no_proxy|node_extra_ca_certs|ssl_cert_file)$/i;

/** Why the image cannot be replayed on this machine, if it cannot. */
export function findNoReplay(): string | undefined {
  const probe = 'mount -t tmpfs none /mnt && chroot / true';
  const { status } = spawnSync('unshare', ['--mount', '--pid', '--fork', 'sh', '-c', probe]);
  return status === 0 ? undefined : 'replaying the image takes root, with mounts and chroot';
}

/** An image made of a Dockerfile without Docker. */
export interface Image extends Stage {
  root: string;
}

/**
 * Replays the stages of the Dockerfile that `target` needs, each in an empty root file system below `folder`. Stages that
 * `given` names are there already: folder of their root.
 */
export async function buildImage(
  target: string,
  folder: string,
  given: Record<string, string> = {},
): Promise<Image> {
  const stages = stagesOf(readFileSync(join(packageRoot, 'Dockerfile'), 'utf8'), PATH);
  const roots = { ...given };
  const build = async (name: string): Promise<void> => {
    const stage = stages.find((its) => its.name === name);
    if (roots[name] !== undefined || !stage) return;
    for (const step of stage.steps) if (step.kind === 'copy' && step.from) await build(step.from);
    const root = join(folder, name);
    makeBase(root);
    for (const step of stage.steps) {
      mkdirSync(join(root, step.workdir), { recursive: true });
      if (step.kind === 'copy') copy(root, step, step.from === undefined ? undefined : roots[step.from]);
      else await call(inBuild(root, step));
    }
    roots[name] = root;
  };
  await build(target);
  return { ...stages.find(({ name }) => name === target)!, root: roots[target]! };
}

/** A call of `unshare`. Its environment is that of the command: arguments are for everybody to read. */
interface Call {
  args: string[];
  env: Record<string, string>;
}

/** Runs a call to its end and returns what it printed. */
export async function call({ args, env }: Call): Promise<string> {
  return (await run('unshare', args, { env })).stdout;
}

/** Runs a command as a container of the image: its user, a read-only root, its volumes. */
export function inContainer(image: Image, command: string[], env: Record<string, string> = {}): Call {
  const { root, volumes, user, workdir } = image;
  const mounts = [
    ...volumes.map((path) => bind(`${root}${path}`)),
    `mount -t tmpfs -o mode=1777 none '${root}/tmp'`,
    `mount -o remount,bind,ro '${root}'`,
  ];
  const all = { ...image.env, HOME: '/', ...env };
  return inRoot(root, { mounts, user: user ?? '0:0', workdir, env: all }, command);
}

/** A command of the build: as root, with npm's cache of this machine. */
function inBuild(root: string, { command, workdir, env }: BuildStep & { kind: 'run' }): Call {
  const network = Object.entries(process.env)
    .filter(([name]) => NETWORK.test(name))
    .map(([name, value = '']): [string, string] => [
      name,
      value.startsWith('/') ? broughtAlong(root, value) : value,
    ]);
  const cache = execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim();
  const npm = { npm_config_cache: CACHE, npm_config_prefer_offline: 'true', HOME: '/root' };
  const mounts = [bind(cache, `${root}${CACHE}`)];
  const all: Record<string, string> = { ...Object.fromEntries(network), ...npm, ...env };
  return inRoot(root, { mounts, user: '0:0', workdir, env: all }, ['sh', '-c', command]);
}

function inRoot(
  root: string,
  settings: { mounts: string[]; user: string; workdir: string; env: Record<string, string> },
  command: string[],
): Call {
  const { user, workdir, env } = settings;
  const mounts = [
    bind(root),
    ...PROGRAMS.map((path) => `${bind(path, root + path)} && mount -o remount,bind,ro '${root}${path}'`),
    bind('/dev', `${root}/dev`),
    `mount -t proc proc '${root}/proc'`,
    ...settings.mounts,
  ];
  const args = [
    ...['--mount', '--pid', '--fork', '--kill-child'],
    ...['sh', '-c', `${mounts.join(' && ')} && exec "$@"`, 'sh'],
    ...[
      'chroot',
      `--userspec=${user}`,
      root,
      'sh',
      '-c',
      `cd '${workdir}' && exec "$@"`,
      'sh',
      ...command,
    ],
  ];
  return { args, env };
}

function bind(from: string, to = from): string {
  return `mount --rbind '${from}' '${to}'`;
}

/** A certificate authority of this machine, by the path that it has in a root. */
function broughtAlong(root: string, path: string): string {
  const inside = join('/tmp', basename(path));
  if (existsSync(path) && !statSync(path).isDirectory()) cpSync(path, join(root, inside));
  return inside;
}

/** What every base image has: places to mount at, a few files, and folders of programs where Debian has them. */
function makeBase(root: string): void {
  for (const path of [...PROGRAMS, '/dev', '/proc', '/tmp', '/root', '/etc', '/var/lib', CACHE]) {
    mkdirSync(join(root, path), { recursive: true });
  }
  chmodSync(join(root, 'tmp'), 0o1777);
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    if (existsSync(join('/usr', name))) symlinkSync(join('usr', name), join(root, name));
  }
  for (const name of ['hosts', 'resolv.conf', 'nsswitch.conf', 'passwd', 'group']) {
    if (existsSync(join('/etc', name))) cpSync(join('/etc', name), join(root, 'etc', name));
  }
}

/** COPY, from another stage, of whose base image this machine has the files, or from the checkout. */
function copy(root: string, step: BuildStep & { kind: 'copy' }, from: string | undefined): void {
  const destination = join(root, resolve(step.workdir, step.destination));
  const isFolder = /\/$|^\.$/.test(step.destination) || step.sources.length > 1;
  if (isFolder) mkdirSync(destination, { recursive: true });
  for (const path of step.sources.flatMap((its) => matches(from ?? packageRoot, its))) {
    if (from === undefined && path === packageRoot) copyCheckout(destination);
    else if (statSync(path).isDirectory()) copyAll(`${path}/.`, destination);
    else copyAll(path, isFolder ? join(destination, basename(path)) : destination);
  }
}

/** Also what is linked stays as it is; within one disk nothing is written twice. */
function copyAll(from: string, to: string): void {
  mkdirSync(from.endsWith('/.') ? to : dirname(to), { recursive: true });
  execFileSync('cp', ['-a', '--reflink=auto', from, to]);
}

/** What Git has or would add: `.dockerignore` leaves out the rest. */
function copyCheckout(destination: string): void {
  const git = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', git, { cwd: packageRoot, encoding: 'utf8', maxBuffer: 2 ** 26 });
  for (const name of files.split('\0').filter((its) => its && existsSync(join(packageRoot, its)))) {
    cpSync(join(packageRoot, name), join(destination, name), { preserveTimestamps: true });
  }
}

function matches(root: string, source: string): string[] {
  const path = join(root, source);
  const name = basename(path);
  if (!name.includes('*')) {
    // The base image of a stage has it then, as this machine does.
    const found = [path, source].find((its) => existsSync(its));
    if (found === undefined) throw new Error(`COPY: ${source}: not there`);
    return [found.replace(/\/$/, '')];
  }
  const pattern = new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  const found = readdirSync(dirname(path)).filter((its) => pattern.test(its));
  if (found.length === 0) throw new Error(`COPY: ${source}: matches nothing`);
  return found.map((its) => join(dirname(path), its));
}
