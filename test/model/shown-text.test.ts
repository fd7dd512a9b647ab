import assert from 'node:assert/strict';
import { test } from 'node:test';

import { renderPlan, renderPlanSummary } from '../../client/render/plan.js';
import { renderReport } from '../../client/render/report.js';
import { gateLines } from '../../client/render/gate.js';
import { nextOf, progressLine, renderStatus } from '../../client/render/status.js';
import { createStyle } from '../../client/render/style.js';
import { cardOf } from '../../model/card.js';
import { bounded, eachText, hasHidden, markdown, plain, visibleJson } from '../../model/shown-text.js';
import type { MigrationStatus } from '../../model/steering.js';
import { LIVE_PLAN, PLAN, REPORT, SNAPSHOTS } from '../client/samples.js';

/** Begins lines, moves the cursor, turns the order of letters around, and is Markdown and HTML of every kind. */
const HOSTILE = [
  'x\r\n\n# Verified',
  '- **approved** by _all_ | a | b |',
  '```',
  '[press](https://evil.example) ![](http://evil.example/a.png) <img src=x onerror=alert(1)> &#x202e;',
  'www.evil.example ann@evil.example ~~gone~~ `code`',
  `blank${' '.repeat(200)}verified: equal`,
  '\u001b[2J\u001b]8;;https://evil.example\u0007link\u009b31m\u0000\b\u007f',
  '\u202e\u2066\u200e\u061c\u200b\ufeff\u2028\u2029\u3164\u{e0041}\ud800',
].join('\n');

/** What the renderers choose words by; everything else may have come from somebody else. */
const OURS = ['state', 'name', 'kind', 'treatment', 'class', 'direction', 'action', 'serving', 'phase'];
const CHOICES = [...OURS, 'execution', 'purpose', 'stage', 'gate', 'step', 'holder', 'algorithm'];

function hostile<T>(value: T): T {
  const spoilt = (its: unknown, key = ''): unknown => {
    if (typeof its === 'string') return CHOICES.includes(key) ? its : HOSTILE;
    if (Array.isArray(its)) return its.map((item) => spoilt(item, key));
    if (typeof its !== 'object' || its === null) return its;
    return Object.fromEntries(Object.entries(its).map(([name, inner]) => [name, spoilt(inner, name)]));
  };
  return spoilt(value) as T;
}

const LINES = createStyle({ isTerminal: false, hasColor: false });

/** As many lines as with harmless texts: nobody else has begun one. */
function assertNeutral(name: string, text: string, harmless: string): void {
  const hidden = [...text.replaceAll('\n', '').replaceAll('\u2060', '')].find(hasHidden);
  assert.equal(hidden, undefined, name);
  assert.doesNotMatch(text, / {100}verified/, name);
  assert.equal(text.split('\n').length, harmless.split('\n').length, name);
}

/** Each text as one short word. */
const harmless = <T>(value: T): T => eachText(hostile(value), (text) => (text === HOSTILE ? 'x' : text));

test('shown text: no status, plan or report of somebody else composes what a terminal shows', () => {
  for (const [name, snapshot] of Object.entries(SNAPSHOTS)) {
    for (const render of [(its: typeof snapshot) => renderStatus(its, LINES), nextOf, progressLine])
      assertNeutral(name, render(hostile(snapshot)), render(harmless(snapshot)));
    const { status } = snapshot;
    if (status) {
      const render = (its: MigrationStatus) => gateLines(its, LINES).join('\n');
      assertNeutral(name, render(hostile(status)), render(harmless(status)));
    }
  }
  for (const plan of [PLAN, LIVE_PLAN]) {
    assertNeutral('plan', renderPlan(hostile(plan), LINES), renderPlan(harmless(plan), LINES));
    assertNeutral('plan', renderPlanSummary(hostile(plan)), renderPlanSummary(harmless(plan)));
  }
  assertNeutral('report', renderReport(hostile(REPORT), LINES), renderReport(harmless(REPORT), LINES));
});

test('shown text: no status of somebody else composes the card of the UI', () => {
  for (const [name, { status }] of Object.entries(SNAPSHOTS)) {
    if (!status) continue;
    const card = cardOf(hostile(status));
    assertNeutral(name, card, cardOf(harmless(status)));
    const active = withoutCode(card);
    assert.doesNotMatch(active, /https?:\/\/|www\.|\w@\w/i, name);
    assert.doesNotMatch(withoutDanger(active), /(?<!\\)[[\]<>|~]|(?<!\\)&|!\[/, name);
    // A heading is none but that of the card itself.
    assert.equal(active.match(/^ *(?:[-*] )*#{1,6} /gm)?.length, 1, name);
    // Inside of a folded section there are our own elements only, which begin and end on one line.
    for (const [line] of card.matchAll(/^<details>.*$/gm))
      assert.match(
        line,
        /^(?:<\/?(?:details|summary|ul|li|pre|code)>|[^<>&]|&(?:lt|gt|amp|quot);)+$/,
        name,
      );
  }
});

/** Markdown without its spans and blocks of code and folded sections, in which nothing of it is active. */
function withoutCode(text: string): string {
  const outside = text.replace(/^```\n[^\n]*\n```$/gm, '').replace(/^<details>.*<\/details>$/gm, '');
  assert.doesNotMatch(outside, /^ *(?:[-*] )*(```|~~~)|^ *<details>/m);
  return outside.replace(/(?<!\\)`[^`\n]*`/g, '');
}

/** Without the mark of a quotation that is the card's own. */
function withoutDanger(text: string): string {
  return text.replace(/^> \*\*⚠ /gm, '');
}

test('shown text: a text is cut at its limit, whole characters only', () => {
  assert.equal(bounded('abc', 3), 'abc');
  assert.equal(bounded('abcd', 3), 'ab…');
  assert.equal(bounded('ab\u{1f600}cd', 4), 'ab…');
});

test('shown text: plain text is one line, in which what is hidden is seen', () => {
  assert.equal(plain('a\n\u001b[31mb\u202ec\u200b   d'), 'a \ufffd[31mb\ufffdc\ufffd d');
  assert.equal(plain('Zürich, 東京: 1,000 €'), 'Zürich, 東京: 1,000 €');
});

test('shown text: Markdown shows a text as it is, also where it begins as a list', () => {
  assert.equal(markdown('- a_b'), '\\- a\\_b');
  assert.equal(markdown('12. a'), '12\\. a');
  assert.equal(markdown('12 contracts'), '12 contracts');
  assert.equal(markdown('migrate-participant/a::1220'), 'migrate-participant/a::1220');
});

// The UI makes a dash of two hyphens.
test('shown text: in Markdown a command with options is a span of code, to be copied as it is', () => {
  const approve =
    'canton-migrate approve target-backup --plan-hash 3f0c --evidence <name of it> or --waive <reason>';
  assert.equal(
    markdown(`${approve}, or canton-migrate abort`),
    `\`${approve}\`, or canton-migrate abort`,
  );
  assert.equal(markdown('canton-migrate pause holds it; a_b'), 'canton-migrate pause holds it; a\\_b');
  assert.equal(markdown('canton-migrate abort --x `y`'), "`canton-migrate abort --x 'y'`");
});

test('shown text: JSON keeps what is hidden, as escapes', () => {
  const text = visibleJson({ by: 'a\u009b\u202e\u{e0041}' });

  assert.equal([...text].some(hasHidden), false);
  assert.deepEqual(JSON.parse(text), { by: 'a\u009b\u202e\u{e0041}' });
});
