import assert from 'node:assert/strict';
import { test } from 'node:test';

import { innermost, readAnswer } from '../../canton/error-answer.js';
import { ERROR_RULES, type ErrorRule } from '../../canton/error-rules.js';
import { ruleFor } from '../../canton/errors.js';
import { recordedFailure } from './failures.js';
import { recordings, recordings210 } from './recordings.js';

const CONDITIONS = [
  'code',
  'errorId',
  'category',
  'method',
  'text',
  'hasRetryDelay',
  'isRedacted',
] as const;

/** The rules that decide on a failure that a real participant was recorded with. */
function recordedRules(): Set<ErrorRule> {
  const failed = [...recordings(), ...recordings210()].filter(({ error }) => error);
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

test('error rules: only the last one takes every answer', () => {
  const takesAll = ERROR_RULES.filter((rule) => CONDITIONS.every((name) => rule[name] === undefined));

  assert.deepEqual(takesAll, [ERROR_RULES.at(-1)]);
});
