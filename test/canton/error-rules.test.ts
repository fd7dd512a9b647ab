import assert from 'node:assert/strict';
import { test } from 'node:test';

import { innermost, readAnswer } from '../../canton/error-answer.js';
import { ERROR_RULES, type ErrorRule } from '../../canton/error-rules.js';
import { ruleFor } from '../../canton/errors.js';
import { recordedFailure } from './failures.js';
import { recordings } from './recordings.js';

/** The rules that decide on a failure that a real participant was recorded with. */
function recordedRules(): Set<ErrorRule> {
  const failed = recordings().filter(({ error }) => error);
  return new Set(
    failed.map((call) => {
      const method = call.rpc.split('.').at(-1) ?? '';
      return ruleFor(innermost(readAnswer(recordedFailure(call), method)));
    }),
  );
}

function shown({ source, kind, code, errorId, category, text }: ErrorRule): string {
  return [source, kind, code, errorId, category, text?.source].filter(Boolean).join(' ');
}

test('error rules: each rule that no recording of a real participant backs says so, and no other', () => {
  const backed = recordedRules();
  const claimed = ERROR_RULES.filter((rule) => !rule.isUnrecorded);

  assert.deepEqual(
    claimed.filter((rule) => !backed.has(rule)).map(shown),
    [],
    'no recording under test/golden is decided by these: they are to say isUnrecorded',
  );
  assert.deepEqual(
    ERROR_RULES.filter((rule) => rule.isUnrecorded && backed.has(rule)).map(shown),
    [],
    'recordings under test/golden are decided by these: they are not isUnrecorded',
  );
});

test('error rules: no rule stands behind one that takes all its answers', () => {
  const last = ERROR_RULES.at(-1);

  const all = ERROR_RULES.filter(({ source: _source, kind: _kind, ...conditions }) =>
    Object.keys(conditions).every((key) => key === 'advice' || key === 'type' || key === 'isUnrecorded'),
  );
  assert.deepEqual(all, [last]);
});
