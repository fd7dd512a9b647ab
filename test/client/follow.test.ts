import assert from 'node:assert/strict';
import { test } from 'node:test';

import { followToEnd } from '../../client/follow-to-end.js';
import type { MigrationClient, MigrationSnapshot } from '../../client/index.js';
import { createStyle } from '../../client/render/style.js';
import type { Terminal } from '../../client/terminal.js';
import type { MigrationStatus } from '../../model/steering.js';
import { PLAN, SNAPSHOTS } from './samples.js';

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
const gone = (): MigrationSnapshot => {
  const { gate, ...status } = AT_GATE.status!;
  assert.ok(gate);
  return { ...AT_GATE, status };
};

/** Follows what `watched` says, the first list to whoever follows, the second while a question is asked. */
async function follow(
  watched: MigrationSnapshot[][],
  confirm: (signal: AbortSignal) => Promise<boolean>,
) {
  const [questions, next, approved]: [string[], string[], string[]] = [[], [], []];
  const client = {
    watch: async function* () {
      yield* watched.shift() ?? [];
    },
    planOf: () => Promise.resolve(PLAN),
    approve: (_: string, { gate }: { gate: string }) => Promise.resolve(approved.push(gate)),
    result: () => Promise.reject(new Error('the end')),
  };
  const terminal = {
    ...{ isInteractive: true, style: createStyle({ isTerminal: false, hasColor: false }) },
    ...{ print: () => undefined, printJson: () => undefined, next: (text: string) => next.push(text) },
    confirm: (question: string, _: string, signal: AbortSignal) => {
      questions.push(question);
      return confirm(signal);
    },
  };
  const following = followToEnd(
    client as unknown as MigrationClient,
    'm',
    terminal as unknown as Terminal,
    { approver: 'ada' },
  );
  await assert.rejects(following, /the end/);
  return { questions, next, approved };
}

test('follow: nobody is asked to approve while signatures are missing, and then they are', async () => {
  const { questions, next, approved } = await follow([[UNSIGNED, AT_GATE, WATCHING]], () =>
    Promise.resolve(true),
  );

  assert.match(next[0]!, /^waiting for 1 signature: /);
  assert.deepEqual([questions.length, approved], [1, ['root-key']]);
});

test('follow: a question ends when somebody else has answered it, and the following goes on', async () => {
  const { questions, approved } = await follow(
    [
      [AT_GATE, WATCHING],
      [AT_GATE, gone()],
    ],
    (signal) => {
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('AbortPromptError')));
      });
    },
  );

  assert.deepEqual([questions.length, approved], [1, []]);
});
