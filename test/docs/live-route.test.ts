import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { parse } from 'yaml';

import { CLIENT_RULES } from '../../model/live.js';
import { PHASES } from '../../model/phase.js';
import { requestProblems, validator } from '../../model/validation.js';
import { CONFIGURATION_SCHEMA } from '../../worker/configuration-schema.js';
import { operatingPages, page, tableBelow } from './markdown.js';

const LIVE_ROUTE = page('live-route.md');

test('live route: what clients have to do stands in the page as the status says it', () => {
  const unwrapped = LIVE_ROUTE.replaceAll('\n  ', ' ');
  const missing = CLIENT_RULES.filter((rule) => !unwrapped.includes(`\n- ${rule}\n`));

  assert.deepEqual(missing, []);
});

test('live route: the table of the sequence has every phase, in their order', () => {
  const cells = tableBelow(LIVE_ROUTE, 'The sequence').map(([phase]) => phase!);
  const named = cells.flatMap((cell) => [...cell.matchAll(/\[`([\w-]+)`\]/g)].map(([, name]) => name!));

  // The first part of verify stands before the cut-over, as in the status.
  assert.deepEqual(
    named.filter((name, at) => named.lastIndexOf(name) === at),
    [...PHASES],
  );
});

test('live route: every failure and finding that the page names is listed for operators', () => {
  const operating = operatingPages();
  const named = [...LIVE_ROUTE.matchAll(/`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`/g)].map(([, type]) => type!);
  const calls = ['ListConnectedSynchronizers', 'GenerateTransactions', 'AddTransactions'];

  const unknown = named.filter((type) => !calls.includes(type) && !operating.includes(`\`${type}\``));

  assert.deepEqual(unknown, []);
});

test('live route: the examples of a worker configuration and of a request are what the validators accept', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const requests = blocks(readme, 'json').map((text) => JSON.parse(text) as { route?: string });

  assert.deepEqual(validator(CONFIGURATION_SCHEMA)(parse(blocks(LIVE_ROUTE, 'yaml')[0]!)), []);
  assert.ok(requests.some(({ route }) => route === 'live'));
  for (const request of requests) assert.deepEqual(requestProblems(request), []);
});

function blocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text]) => text!,
  );
}
