import assert from 'node:assert/strict';
import { test } from 'node:test';

import { renderResults, summaryOf } from '../../setup/doctor/render.js';
import { judgeSkew } from '../../setup/doctor/nodes.js';
import { Findings, type CheckStatus } from '../../setup/doctor/result.js';
import { judgeServer } from '../../setup/doctor/server-version.js';
import { judgeAttributes, judgePolled } from '../../setup/doctor/temporal.js';
import { createStyle } from '../../client/render/style.js';

const [KEYWORD, INT] = [2, 3];
const WANTED = ['MigrationPhase', 'MigrationSource'];
const found = (judge: (findings: Findings) => void): CheckStatus[] => {
  const findings = new Findings('temporal', 'test');
  judge(findings);
  return findings.results.map(({ status }) => status);
};
const slots = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`Other${at}`, KEYWORD]));

for (const [name, known, expected] of [
  ['all there', { MigrationPhase: KEYWORD, MigrationSource: KEYWORD }, ['ok']],
  ['none there', {}, ['needed']],
  ['one of another type', { MigrationPhase: INT, MigrationSource: KEYWORD }, ['warning']],
  ['two slots left', slots(8), ['needed']],
  ['one slot left', slots(9), ['warning']],
  ['all slots used', { ...slots(9), MigrationPhase: KEYWORD }, ['warning']],
] as [string, Record<string, number>, CheckStatus[]][]) {
  test(`doctor: search attributes, ${name}`, () => {
    assert.deepEqual(
      found((findings) => judgeAttributes(findings, known, WANTED)),
      expected,
    );
  });
}

for (const [its, expected] of [
  [1_000_500, 'ok'],
  [1_004_000, 'ok'],
  [1_007_000, 'warning'],
  [994_000, 'warning'],
  [1_070_000, 'problem'],
  [900_000, 'problem'],
] as const) {
  test(`doctor: a clock that says ${its} between 1000000 and 1001000 is ${expected}`, () => {
    const clocks = { before: 1_000_000, after: 1_001_000, its };
    assert.deepEqual(
      found((findings) => judgeSkew(findings, clocks)),
      [expected],
    );
  });
}

test('doctor: a last poll in the future, or too long ago, is a clock that differs', () => {
  const statuses = [0, -30_000, 10_000, -90_000].map((since) =>
    found((findings) => judgePolled(findings, 1_000_000 + since, 1_000_000)),
  );
  assert.deepEqual(statuses, [[], [], ['warning'], ['warning']]);
});

for (const [version, expected] of [
  ['1.28.3', 'problem'],
  ['1.29.0', 'ok'],
  ['2.0.0', 'ok'],
  ['', 'ok'],
] as const) {
  test(`doctor: a Temporal of version ${version || '(not told)'} is ${expected}`, () => {
    assert.deepEqual(
      found((findings) => judgeServer(version, findings)),
      [expected],
    );
  });
}

test('doctor: the same of two things is said once, the worst last, and each has a line in the table', () => {
  const results = [
    ...new Findings('rights', 'old').problem('no rights', 'grant them').results,
    ...new Findings('keys', 'old').ok('fine').notTried('signing').results,
    ...new Findings('keys', 'new').notTried('signing').results,
  ];
  const text = renderResults(results, createStyle({ isTerminal: false, hasColor: false }));

  assert.equal(
    text,
    [
      'not tried  keys (old; new): signing',
      '',
      'problem  rights (old): no rights',
      '  next: grant them',
      '',
      '  check   of   result',
      '  rights  old  problem',
      '  keys    old  ok',
      '  keys    new  not tried',
    ].join('\n'),
  );
  assert.equal(summaryOf(results), '1 problem');
});
