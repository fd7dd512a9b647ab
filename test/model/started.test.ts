import assert from 'node:assert/strict';
import test from 'node:test';

import { readPlanned } from '../../model/planned.js';
import { startTexts } from '../../model/started.js';

test('start: summary and details say what was asked for, and nothing of them is Markdown of somebody else', () => {
  const request = {
    ...{ source: 'old', sourceSynchronizer: 'main`![x](http://y)' },
    ...{ target: 'new', targetSynchronizer: 'next' },
  };

  const { staticSummary, staticDetails } = startTexts(request, 'Ada <b>[x](http://y)</b>');

  assert.equal(staticSummary, 'Migrate old to new');
  assert.equal(
    staticDetails,
    [
      "- Source: `old` on `main'![x](http://y)`",
      '- Target: `new` on `next`',
      '- Route: as the plan chooses',
      '- Started by Ada \\<b\\>\\[x\\](http:\u2060//y)\\</b\\>',
      '',
    ].join('\n'),
  );
  assert.doesNotMatch(startTexts(request, undefined).staticDetails, /Started by/);
});

test('planned: a memo that somebody else wrote names no nodes and no time', () => {
  const node = { name: 'old', uid: 'old::1220ab' };
  const memo = { source: node, target: node, startedAt: '2026-01-02T03:04:05.000Z' };

  assert.deepEqual(readPlanned({ ...memo, planHash: 'ab' }), memo);
  const others = [{ startedAt: 'soon' }, { startedAt: 5 }, { source: null }, { target: { uid: 'new' } }];
  for (const its of [undefined, null, 5, ...others.map((other) => ({ ...memo, ...other }))])
    assert.equal(readPlanned(its), undefined);
});
