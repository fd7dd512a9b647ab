import assert from 'node:assert/strict';
import test from 'node:test';

import { newMigration } from '../../model/migration.js';
import { statusOf } from '../../model/migration-status.js';
import { applyStep, applyUpTo, startLiveMigrating, undoAll } from '../support/route-steps.js';
import { LIVE_REQUEST, startStack, TINY_LIVE } from '../support/stack.js';

const IOU = { name: 'lab-iou', version: '1.0.0', isVetted: true } as const;
const AMULET = { name: 'splice-amulet', version: '0.1.10', isVetted: true } as const;

test('plan: packages of Splice are found by name, with what to stop and why, and so do the gates say', async (t) => {
  const stack = await startStack(t, { ...TINY_LIVE, source: { dars: [IOU, AMULET] } });

  const hashed = await stack.plan(LIVE_REQUEST);

  const warning = hashed.plan.warnings.find(({ type }) => type === 'SplicePackages');
  assert.match(
    warning?.what ?? '',
    /splice-amulet.*connects its participant, onboards it again and buys/,
  );
  assert.match(warning?.cure ?? '', /at 0 replicas/);
  const gate = (name: 'target-backup' | 'switch') =>
    statusOf({ ...newMigration('m'), hashed, gate: name }).gate?.statement ?? '';
  assert.match(
    gate('target-backup'),
    /the Splice validator apps of both nodes are stopped \(0 replicas\)/,
  );
  assert.doesNotMatch(gate('switch'), /Splice/);
});

test('plan: without packages of Splice nothing is said of them', async (t) => {
  const stack = await startStack(t, TINY_LIVE);

  const { plan } = await stack.plan(LIVE_REQUEST);

  assert.deepEqual(
    plan.warnings.filter(({ type }) => type === 'SplicePackages' || type === 'FormerHost'),
    [],
  );
});

test('plan: a target that hosted the parties before is told, with what both sources say', async (t) => {
  const stack = await startStack(t, TINY_LIVE);
  const first = await startLiveMigrating(stack);
  await applyUpTo(first, 'connect-target');
  await applyStep(first, 'connect-target');
  await undoAll(first);

  const { plan } = await stack.plan(LIVE_REQUEST);

  const warning = plan.warnings.find(({ type }) => type === 'FormerHost');
  assert.match(warning?.what ?? '', /seen to work on 3\.5\.10.*Canton's page on party replication/);
  assert.match(warning?.cure ?? '', /a fresh node/);
});
