import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isPlaceholder } from '../../model/placeholder.js';

test('placeholder: what an example has in the place of words is none of an operator', () => {
  const all = [
    '',
    '  ',
    '...',
    '<name>',
    '<your name>',
    'Your Name',
    'your-name',
    'TODO',
    'todo',
    'base64',
  ];
  const within = ['backup <name of the backup>', '<base64>', 'TODO: ask Ada', '<...>'];

  for (const text of [...all, ...within]) assert.ok(isPlaceholder(text), text);
});

test('placeholder: names, addresses, checksums and reasons are none', () => {
  const all = ['Ada Lovelace', 'Ada <ada@example.com>', 'ada@host', 'schedule nightly', 'sha256 <7d1f>'];

  for (const text of [...all, 'no backup: a test node, 3 < 4']) assert.ok(!isPlaceholder(text), text);
});
