import assert from 'node:assert/strict';
import test from 'node:test';

import { REPORT_FORMATS } from '../../model/kept-report.js';
import type { RunReport } from '../../model/report.js';
import { ReportNotVerified, verifyReport } from '../../report/verify.js';
import { writeReport } from '../../report/write.js';
import { testApprover } from '../support/approvers.js';
import { FULL } from '../support/report-samples.js';
import { testSigningKey } from '../support/signing-key.js';

const WRITTEN = '2026-01-02T05:22:00.000Z';
/** Each change is a signature to check; the begin and the end of a file are tried byte by byte. */
const EDGE = 250;
const EVERY = 307;

const { key, publicKey } = testSigningKey();
const document = { writtenAt: WRITTEN, report: FULL };

for (const format of REPORT_FORMATS) {
  test(`report: as ${format} it is found right with its key, and wrong with one byte changed, added or taken away`, () => {
    const file = Buffer.from(writeReport(document, format, key));

    const found = verifyReport(file, publicKey);

    const { fingerprint } = key;
    assert.deepEqual(
      [found.format, found.fingerprint, found.migration, found.writtenAt],
      [format, fingerprint, FULL.workflowId, WRITTEN],
    );
    let tried = 0;
    const end = file.length - EDGE;
    for (let at = 0; at < file.length; at += at < EDGE || at >= end ? 1 : Math.min(EVERY, end - at)) {
      const changed = Buffer.from(file);
      changed[at]! ^= 1;
      assert.throws(() => verifyReport(changed, publicKey), ReportNotVerified, `byte ${at}`);
      tried += 1;
    }
    assert.ok(tried >= Math.min(file.length, 2 * EDGE));
    for (const other of [
      Buffer.concat([file, Buffer.from('\n')]),
      Buffer.concat([file, file]),
      file.subarray(0, -1),
      file.subarray(1),
      Buffer.alloc(0),
    ])
      assert.throws(() => verifyReport(other, publicKey), ReportNotVerified);
  });

  test(`report: as ${format} it says that it is not signed if there is no key, and is not found right`, () => {
    const text = writeReport(document, format);

    assert.throws(() => verifyReport(Buffer.from(text), publicKey), /not signed/);
    if (format === 'json') assert.deepEqual((JSON.parse(text) as typeof document).report, FULL);
    else
      assert.match(text.replace(/\s+/g, ' '), /Not signed: the worker has no key to sign reports with/);
  });
}

test('report: the signature of another key is refused, and so is a key that signs nothing of the kind', () => {
  const file = Buffer.from(writeReport(document, 'json', key));
  const other = testSigningKey();

  assert.throws(
    () => verifyReport(file, other.publicKey),
    /signed with the key SHA256:.*, expected SHA256:/,
  );
  // Whoever writes the fingerprint of the right key beside a signature of another one.
  const forged = writeReport(document, 'json', { ...other.key, fingerprint: key.fingerprint });
  assert.throws(() => verifyReport(Buffer.from(forged), publicKey), /does not fit the file/);
});

test('report: a signature that a text in it pretends to be is none', () => {
  const signed = writeReport(document, 'text', key);
  const line = signed.trimEnd().split('\n').at(-1)!;
  const pretending = { ...FULL, workflowId: `x\n${line}` };

  for (const format of REPORT_FORMATS) {
    const file = Buffer.from(writeReport({ writtenAt: WRITTEN, report: pretending }, format));
    assert.throws(() => verifyReport(file, publicKey), ReportNotVerified, format);
  }
});

test('report: signatures of approvals in it are checked with the keys that are given', () => {
  const ada = testApprover('Ada');
  const about = { migration: FULL.workflowId, planHash: FULL.planHash };
  const at = '2026-01-02T03:21:00Z';
  const approval = (
    gate: 'root-key' | 'cut-over',
    signature: string,
  ): RunReport['approvals'][number] => ({
    ...{ gate, approver: 'Ada', approvedAt: at },
    signed: { at, signature, fingerprint: ada.approver.fingerprint },
  });
  const right = approval('root-key', ada.sign({ ...about, gate: 'root-key', signedAt: at }));
  const fileOf = (approvals: RunReport['approvals']) =>
    Buffer.from(writeReport({ writtenAt: WRITTEN, report: { ...FULL, approvals } }, 'html', key));
  const statesOf = (...known: (typeof ada.approver)[]) =>
    verifyReport(fileOf([right]), publicKey, known).approvals.map(({ state }) => state);

  assert.deepEqual(statesOf(), ['no-key']);
  assert.deepEqual(statesOf(testApprover('Eve').approver), ['no-key']);
  assert.deepEqual(statesOf(ada.approver), ['right']);
  // Of one gate, shown for another.
  const moved = fileOf([approval('cut-over', right.signed!.signature)]);
  assert.throws(() => verifyReport(moved, publicKey, [ada.approver]), /approval of cut-over by Ada/);
});
