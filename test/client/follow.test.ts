import assert from 'node:assert/strict';
import { test } from 'node:test';

import { followToEnd } from '../../client/follow-to-end.js';
import type { MigrationClient, MigrationSnapshot } from '../../client/index.js';
import { createStyle } from '../../client/render/style.js';
import type { Terminal } from '../../client/terminal.js';
import type { MigrationStatus } from '../../model/steering.js';
import { SNAPSHOTS } from './samples.js';

const ROOT_KEY = {
  name: 'root-key',
  statement: 'the root key is safe',
  approves: [] as string[],
} as const;
const HOSTINGS = { requests: 1, parties: 1, given: 0, missing: 1, keys: 0, signers: [] };

function snapshot(change: Partial<MigrationStatus>): MigrationSnapshot {
  const of = SNAPSHOTS['status-gate']!;
  return { ...of, status: { ...of.status!, gate: ROOT_KEY, ...change } };
}

const AT_GATE = snapshot({});
const UNSIGNED = snapshot({ hostings: HOSTINGS });
const WATCHING = snapshot({ state: 'watching' });

/** Follows what `watched` says, on a terminal on which a question fails, and returns what it printed. */
async function follow(watched: MigrationSnapshot[], leave = false) {
  const [printed, next]: [string[], string[]] = [[], []];
  const client = {
    watch: async function* () {
      yield* watched;
      if (leave) process.emit('SIGINT');
    },
    result: () => Promise.reject(new Error('the end')),
  };
  const terminal = {
    ...{ isInteractive: true, style: createStyle({ isTerminal: false, hasColor: false }) },
    ...{ print: (text: string) => printed.push(text), next: (text: string) => next.push(text) },
    printJson: () => undefined,
  };
  const following = followToEnd(
    client as unknown as MigrationClient,
    'm',
    terminal as unknown as Terminal,
  );
  if (leave) await following;
  else await assert.rejects(following, /the end/);
  return { text: printed.join('\n'), next };
}

test('follow: a gate is told with what is approved and its command, again once it is signed, and nobody is asked', async () => {
  const { text, next } = await follow([UNSIGNED, UNSIGNED, AT_GATE, AT_GATE, WATCHING]);

  assert.equal(text.match(/^Gate root-key waits/gm)?.length, 2);
  assert.match(text, /^ {2}the root key is safe$/m);
  assert.deepEqual(next, [AT_GATE.status!.next, AT_GATE.status!.next]);
});

test('follow: whoever leaves at a gate is told the command that goes on from there', async () => {
  const { next } = await follow([AT_GATE], true);

  assert.equal(next.at(-1), `no longer followed, the migration waits: ${AT_GATE.status!.next}`);
});
