import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ListedMigration } from '../../client/answers.js';
import { listed } from '../../client/list.js';
import type { MigrationRun } from '../../client/migrations.js';
import { gateLines } from '../../client/render/gate.js';
import { renderList } from '../../client/render/list.js';
import { renderPlan, renderPlanSummary } from '../../client/render/plan.js';
import { renderReport, renderVerification } from '../../client/render/report.js';
import { nextOf, renderStatus } from '../../client/render/status.js';
import { createStyle, wrapped, type Style } from '../../client/render/style.js';
import { addressed } from '../../client/addressed.js';
import type { SignatureToProvide } from '../../model/ceremony.js';
import type { MigrationStatus } from '../../model/steering.js';
import {
  LIVE_PLAN,
  NOT_VERIFIED,
  OBSTRUCTED,
  PLAN,
  REPORT,
  SNAPSHOTS,
  SOURCE_UID,
  WARM_PLAN,
} from './samples.js';

const NOW = Date.parse('2026-01-03T00:00:00Z');
const BYTES = { hex: 'ab'.repeat(300), base64: 'q6ur'.repeat(100) };
const SIGNATURE: SignatureToProvide = {
  ...({ purpose: 'namespace-delegation', algorithm: 'ED25519', isRequired: true } as const),
  ...{ signedBy: `1220${'ab'.repeat(32)}`, hash: `1220${'cd'.repeat(32)}`, toSign: BYTES },
  ...{ transaction: BYTES, file: 'namespace-delegation.sig' },
  command: `printf %s '${BYTES.base64}' | openssl base64 -d -A -out namespace-delegation.bin && openssl pkeyutl -sign -rawin -inkey root-key.pem -in namespace-delegation.bin -out namespace-delegation.sig && openssl base64 -A -in namespace-delegation.sig`,
};
const GATE: MigrationStatus = {
  ...SNAPSHOTS['status-gate']!.status!,
  signatures: [SIGNATURE, { ...SIGNATURE, purpose: 'root-key-proof', isRequired: false }],
};

function run(name: string, isOpen = true): MigrationRun {
  const info = { status: { name: isOpen ? 'RUNNING' : 'FAILED' }, searchAttributes: {} };
  const its = { id: name, isOpen, source: { name, uid: SOURCE_UID }, target: { name: 'new' } };
  return { ...its, startedAt: new Date(0), info } as unknown as MigrationRun;
}

const LIST: ListedMigration[] = [
  listed(run('participant-of-the-old-data-centre'), GATE),
  listed(run('old'), SNAPSHOTS['status-transfer']!.status),
  listed(run('away'), undefined),
  listed(run('former', false), undefined),
];

function everything(style: Style): string[] {
  return [
    ...[PLAN, LIVE_PLAN, WARM_PLAN, OBSTRUCTED].flatMap((plan) => [
      renderPlan(plan, style),
      renderPlanSummary(plan),
    ]),
    ...Object.values(SNAPSHOTS).flatMap((snapshot) => [
      renderStatus(snapshot, style),
      `next: ${addressed(nextOf(snapshot), SOURCE_UID)}`,
    ]),
    gateLines(GATE, style).join('\n'),
    renderReport(REPORT, style),
    renderVerification(NOT_VERIFIED, style),
    renderList({ migrations: LIST, hasMore: true }, style, NOW),
  ];
}

for (const columns of [60, 80, 120]) {
  test(`widths: whatever is printed fits a terminal of ${columns} columns, but for words and commands`, () => {
    const style = createStyle({ isTerminal: true, hasColor: false, columns: () => columns });

    const lines = everything(style).flatMap((text) => wrapped(text, columns).split('\n'));

    const wide = lines.filter((line) => line.length > columns);
    // A long id or hash is one word, and what is pasted stays whole.
    const broken = wide.filter((line) => !/^ *(\S+|(canton-migrate|openssl) .*)$/.test(line));
    assert.deepEqual(broken, []);
    assert.ok(
      lines.some((line) => line.includes('openssl pkeyutl -sign -rawin -inkey root-key.pem -in')),
    );
  });
}

test('widths: bytes to sign are pasted on lines of their own, and no argument is longer than they are', () => {
  const style = createStyle({ isTerminal: false, hasColor: false });
  const text = gateLines(GATE, style).join('\n');

  const [, pasted = ''] = /<<'END'\n([\s\S]*?)\nEND$/m.exec(text) ?? [];
  assert.equal(pasted.replaceAll('\n', ''), BYTES.base64);
  assert.ok(text.split('\n').every((line) => line.length <= 200));
});

test('list: whoever is needed is said: at a gate, and where no worker answers', () => {
  const [gate, moving, away, ended] = LIST;

  assert.deepEqual(
    LIST.map(({ needsPerson }) => needsPerson),
    [true, false, true, false],
  );
  assert.deepEqual([gate!.gate, moving!.contracts], ['root-key', { done: 10_000, total: 12_350 }]);
  assert.deepEqual([away!.state, away!.isWorkerPresent, ended!.state], [undefined, false, 'failed']);
  const text = renderList(
    { migrations: LIST, hasMore: false },
    createStyle({ isTerminal: false, hasColor: false }),
    NOW,
  );
  assert.match(text, /away to new +no worker answers/);
  assert.match(text, /old to new +running +\S.*10,000 of 12,350 contracts/);
});
