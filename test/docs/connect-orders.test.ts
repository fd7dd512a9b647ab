import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

import ts from 'typescript';

import { abortNote } from '../../model/ended.js';
import { leftToDo } from '../../model/left-to-do.js';
import { newLiveRecord } from '../../model/live.js';
import { newMigration, type Migration } from '../../model/migration.js';
import { statusOf } from '../../model/migration-status.js';
import type { MigrationState } from '../../model/steering.js';
import { packageRoot } from '../../tools/package-root.js';
import { LIVE_PLAN, PLAN } from '../client/samples.js';
import { startLiveSteps, startSteps, undoAll } from '../support/route-steps.js';
import { LIVE_REQUEST, REQUEST } from '../support/stack.js';

/** Whose texts an operator reads. */
const FOLDERS = ['activities', 'canton', 'client', 'model', 'worker', 'workflows'];

/**
 * An order to connect a node, or to see to it that it is connected. What forbids it is none, and neither is what a node does
 * by itself.
 */
const ORDER =
  /(?<!\b(?:not|cannot|never|manual|could|can|may|lets?|they|it|that) )\b(?:re)?connect (?:it|them|the|this|that|both|by hand)\b|check that [^;,.]*\bis connected/i;

/** Each order to connect that is given, and why nothing can be lost by it. */
const ALLOWED: readonly [text: RegExp, why: string][] = [
  [/If clients of the target did, it has served: connect it/, 'proven equal, and used since'],
  [/after the late upgrade connect it, and use it as before/, 'no host, and without contracts'],
  [/anybody with access to its Admin API can connect it again/, 'a warning of it'],
  [/Before you connect it again, or use it, list/, 'what has to be read first'],
  [/Splice validator apps .* connect their participant/, 'what apps do by themselves'],
];

function textsOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node))
      texts.push([node.head.text, ...node.templateSpans.map((its) => its.literal.text)].join('...'));
    else if (ts.isStringLiteralLike(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

function filesOf(folder: string): string[] {
  return readdirSync(`${packageRoot}/${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('gen/'))
    .map((name) => `${packageRoot}/${folder}/${name}`);
}

const isAllowed = (text: string) => ALLOWED.some(([allowed]) => allowed.test(text));

test('connect orders: nobody is told to connect a node that is not proven to have what it hosts', () => {
  const texts = FOLDERS.flatMap(filesOf).flatMap(textsOf);
  assert.ok(texts.some((text) => text.includes('do not connect it')));

  assert.deepEqual(
    texts.filter((text) => ORDER.test(text) && !isAllowed(text)),
    [],
  );
});

test('connect orders: the page of failures gives none either', () => {
  const page = readFileSync(`${packageRoot}/docs/operating/failures.md`, 'utf8');
  const paragraphs = page.split('\n\n').map((its) => its.replaceAll('\n', ' '));

  assert.deepEqual(
    paragraphs.filter((text) => ORDER.test(text) && !isAllowed(text)),
    [],
  );
});

const STATES: Record<MigrationState, Partial<Migration>> = {
  running: {},
  'waiting-for-approval': { gate: 'root-key' },
  paused: { isPaused: true },
  stopped: {},
  aborting: { isWithdrawing: true, abortedBy: 'Ada' },
  aborted: { abortedBy: 'Ada' },
  watching: { isPastPointOfNoReturn: true },
  migrated: { isPastPointOfNoReturn: true },
  failed: {},
  delegated: { delegatedTo: 'migrate-participant/s::2' },
};

test('connect orders: in no state of either route is what comes next, or is left to do, one', () => {
  const routes: Pick<Migration, 'hashed' | 'live'>[] = [
    { hashed: PLAN },
    { hashed: LIVE_PLAN, live: newLiveRecord() },
  ];
  const texts = routes.flatMap((route) =>
    Object.entries(STATES).flatMap(([state, its]) => {
      const known = { ...newMigration('m'), ...route, ...its };
      const migration: Migration = { ...known, state: state as MigrationState };
      const status = statusOf(migration);
      const left = leftToDo(route.hashed!.plan, migration.live).flatMap(({ what, why }) => [what, why]);
      return [status.next, status.summary, abortNote(status), ...left];
    }),
  );
  assert.ok(
    texts.every((text) => text !== ''),
    texts.join('\n'),
  );

  assert.deepEqual(
    texts.filter((text) => ORDER.test(text) && !isAllowed(text)),
    [],
  );
});

// Another operator plans, who does not know of the migration: of another Temporal namespace, or after a loss of Temporal.
for (const [route, before] of [
  ['new-synchronizer', 'copy-contracts'],
  ['new-synchronizer', 'compare-nodes'],
  ['new-synchronizer', 'connect-target'],
  ['live', 'activate-target'],
  ['live', 'copy-contracts'],
  ['live', 'connect-target'],
] as const)
  test(`connect orders: a plan of nodes that a migration left before ${before} (${route}) gives none, nor one after the abort`, async (t) => {
    const isLiveRoute = route === 'live';
    const migrating = await (isLiveRoute ? startLiveSteps(t, { before }) : startSteps(t, { before }));
    const textsOfPlan = async () => {
      const { plan } = await migrating.act.readPlan(isLiveRoute ? LIVE_REQUEST : REQUEST);
      return [...plan.obstacles, ...plan.warnings].flatMap(({ what, cure }) => [what, cure]);
    };

    const halfWay = await textsOfPlan();
    await undoAll(migrating);
    const afterAbort = await textsOfPlan();

    assert.ok(halfWay.length > 0, 'the plan has found nothing of it');
    assert.deepEqual(
      [...halfWay, ...afterAbort].filter((text) => ORDER.test(text) && !isAllowed(text)),
      [],
    );
  });
