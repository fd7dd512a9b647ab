import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';

import { DIFFERENCES } from '../../model/differences.js';
import { FACTS } from '../../model/facts.js';
import type { Serving } from '../../model/steering.js';
import { live } from '../../workflows/routes/live.js';
import { newSynchronizer } from '../../workflows/routes/new-synchronizer.js';
import type { Step } from '../../workflows/routes/route.js';

const PAGE = new URL('../../docs/steps.md', import.meta.url);

const SERVES: Record<Serving, string> = {
  source: 'source',
  nobody: 'nobody',
  both: 'both',
  target: 'target',
};

/** The tables of the page, by what is declared; UPDATE_GOLDEN=1 writes them into it. */
const TABLES = {
  'Route `new-synchronizer`': stepTable(newSynchronizer.steps),
  'Route `live`': stepTable(live.steps),
  'What a step reads again': [
    '| Fact | What is read |',
    '|---|---|',
    ...Object.entries(FACTS).map(([fact, what]) => `| ${fact} | ${what} |`),
  ].join('\n'),
  'What others may change meanwhile': [
    '| Difference | Outcome | What happens |',
    '|---|---|---|',
    ...Object.values(DIFFERENCES).map(({ what, outcome, then }) => `| ${what} | ${outcome} | ${then} |`),
  ].join('\n'),
};

test('steps: the tables of the page are the declared steps and differences', () => {
  const found = readFileSync(PAGE, 'utf8');
  let page = found;
  for (const [heading, table] of Object.entries(TABLES)) {
    const [before = '', after = ''] = page.split(`## ${heading}\n`);
    const text = after.replace(/^\|.*(\n\|.*)*/m, table);
    page = `${before}## ${heading}\n${text}`;
  }
  if (process.env['UPDATE_GOLDEN']) writeFileSync(PAGE, page);
  else assert.equal(found, page);
});

function stepTable(steps: readonly Step<never>[]): string {
  return [
    '| Step | Phase | Gate before it | Reads again | Serves after it | |',
    '|---|---|---|---|---|---|',
    ...steps.map(
      (step) =>
        `| \`${step.name}\` | [${step.phase}](phases/${step.phase}.md) | ${step.gate ? `\`${step.gate}\`` : ''} | ${step.facts.join(', ')} | ${SERVES[step.serving]} | ${notesOf(step)} |`,
    ),
  ].join('\n');
}

function notesOf({ isFor, isProof, needsProof, isPointOfNoReturn }: Step<never>): string {
  return [
    ...(isFor ? ['only if the plan says so'] : []),
    ...(isProof ? ['proves both nodes equal'] : []),
    ...(needsProof ? ['checks that proof against both nodes before it acts'] : []),
    ...(isPointOfNoReturn ? ['**point of no return**'] : []),
  ].join('; ');
}
