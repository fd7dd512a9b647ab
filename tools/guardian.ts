/**
 * Ends what its parent started, also if the parent is killed.
 *
 * Reads lines from standard input: `process <pid>` (leader of a process group), `gone <pid>`, `folder <path>`.
 * When standard input closes, it ends every process group still there (SIGTERM, then SIGKILL) and removes the
 * folders. It ignores the signals of the terminal, because it has to outlive its parent.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

import { isGroupAlive, signalGroup } from './process-group.js';

const TERMINATE_LIMIT_MS = 5_000;
const POLL_MS = 50;

const groups = new Set<number>();
const folders = new Set<string>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, value = ''] = line.split(/ (.*)/s);
  if (verb === 'process') groups.add(Number(value));
  if (verb === 'gone') groups.delete(Number(value));
  if (verb === 'folder') folders.add(value);
}

for (const pid of groups) signalGroup(pid, 'SIGTERM');
for (let waitedMs = 0; waitedMs < TERMINATE_LIMIT_MS; waitedMs += POLL_MS) {
  if (![...groups].some(isGroupAlive)) break;
  await setTimeout(POLL_MS);
}
for (const pid of groups) signalGroup(pid, 'SIGKILL');
for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
