import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import { sweepSpools, type IsRunning } from '../../worker/spool-sweep.js';

function spools(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-sweep-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const add = (name: string, owner?: string) => {
    const spool = join(folder, name);
    mkdirSync(spool);
    writeFileSync(join(spool, 'segments.bin'), 'sealed');
    if (owner !== undefined) writeFileSync(join(spool, 'owner'), owner);
    return spool;
  };
  const warnings: unknown[] = [];
  const log = { info: () => undefined, warn: (fields: unknown) => warnings.push(fields) };
  const sweep = (runs: IsRunning) => sweepSpools(folder, runs, log as never);
  return { folder, add, sweep, warnings };
}

test('spool sweep: only the spools of migrations that have ended are removed', async (t) => {
  const { add, sweep } = spools(t);
  const ended = add('ended', 'migrate-participant/a');
  const running = add('running', 'migrate-participant/b');
  const nobodys = add('nobodys');

  await sweep(async (owner) => owner.endsWith('/b'));

  assert.deepEqual([ended, running, nobodys].map(existsSync), [false, true, true]);
});

test('spool sweep: one that cannot be asked about stays, with a warning, and the others are swept', async (t) => {
  const { add, sweep, warnings } = spools(t);
  const unknown = add('a', 'unknown');
  const ended = add('b', 'ended');

  await sweep(async (owner) => {
    if (owner === 'unknown') throw new Error('Temporal does not answer');
    return false;
  });

  assert.deepEqual([unknown, ended].map(existsSync), [true, false]);
  assert.equal(warnings.length, 1);
});

test('spool sweep: a folder that is not there yet is no failure', async (t) => {
  const { folder, sweep, warnings } = spools(t);
  rmSync(folder, { recursive: true });

  await sweep(async () => false);

  assert.deepEqual(warnings, []);
});
