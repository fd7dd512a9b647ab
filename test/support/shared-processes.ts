/** Half of what a short file costs is to load the SDK and the sandbox, and to start a Temporal server. */
const FILES_PER_PROCESS = 20;
/** Of those that take a migration per test: no process runs alone at the end for long. */
const MIGRATIONS_PER_PROCESS = 9;

/**
 * In a process of their own in CI: files that take minutes, or change what all code of a process has. All that
 * is left to `npm run boundaries` is skipped in one process of its folder.
 */
const ALONE = [
  ...['client/migration', 'crash/activity-boundaries', 'replay/', 'setup/', 'tools/'],
  ...['facts', 'gates', 'laws', 'source-watch'].map((name) => `laws/${name}.`),
  ...['abort', 'garbage-at-handlers', 'no-search-attributes', 'source-watch', 'steering'].map(
    (name) => `workflows/${name}.`,
  ),
];

/**
 * Divides test files, paths below `test/`, into those that run one after another in one process: only of one
 * of the folders of `test/`. The longest are first, so that none of them runs alone at the end; the longest
 * folders are at the end of the alphabet.
 */
export function sharedProcesses(files: readonly string[], isEveryBoundary: boolean): string[][] {
  const isAlone = (name: string) => isEveryBoundary || ALONE.some((start) => name.startsWith(start));
  const sorted = files.toSorted().toReversed();
  const groups: string[][] = [];
  for (const name of sorted.filter((its) => !isAlone(its))) {
    const last = groups.at(-1);
    const fits =
      last !== undefined && last.length < mostIn(name) && folderOf(last[0]!) === folderOf(name);
    if (fits) last.push(name);
    else groups.push([name]);
  }
  return [...sorted.filter(isAlone).map((name) => [name]), ...groups];
}

function folderOf(name: string): string | undefined {
  return name.split('/')[0];
}

function mostIn(name: string): number {
  return name.startsWith('workflows/') ? MIGRATIONS_PER_PROCESS : FILES_PER_PROCESS;
}
