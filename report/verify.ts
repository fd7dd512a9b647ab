import { createPublicKey, type KeyObject } from 'node:crypto';

import type { Approver } from '../model/approver.js';
import { approvalProblem, signedOf } from '../model/approvals.js';
import type { ReportFormat } from '../model/kept-report.js';
import type { RunReport } from '../model/report.js';
import { CRYPTOGRAPHY, keyOf } from './cryptography.js';
import type { ReportDocument } from './document.js';
import { readPublicKey } from './public-keys.js';
import { BEGINNINGS, isSignedWith, unseal } from './seal.js';

/** What was found right about a file. */
export interface VerifiedReport {
  format: ReportFormat;
  /** Of the key that signed it. */
  fingerprint: string;
  writtenAt: string;
  /** Workflow id. */
  migration: string;
  outcome: RunReport['outcome'] | undefined;
  approvals: CheckedApproval[];
}

/** An approval in a report: whose signature it has, and whether that was checked. */
export interface CheckedApproval {
  gate: string;
  approver: string;
  state: 'not-signed' | 'no-key' | 'right';
  fingerprint?: string;
}

/** A file that is not what it should be. */
export class ReportNotVerified extends Error {
  override readonly name = 'ReportNotVerified';
}

/**
 * Checks that a file is a report that was signed with the key of `publicKey`, unchanged to the last byte, and the
 * signatures of approvals in it whose keys are among `approvers`. Needs nothing but these. Fails with
 * {@link ReportNotVerified}.
 */
export function verifyReport(
  file: Buffer,
  publicKey: string,
  approvers: readonly Omit<Approver, 'name'>[] = [],
): VerifiedReport {
  const expected = readPublicKey(publicKey);
  if (expected.algorithm !== 'ed25519')
    throw new ReportNotVerified('found a public key of another kind, expected one of Ed25519');
  const sealed = unseal(file);
  if (!sealed) throw new ReportNotVerified('found no report of canton-migrate, or one that was changed');
  const { signature, format, content } = sealed;
  if (!signature) throw new ReportNotVerified('found a report that is not signed, or was changed');
  if (signature.fingerprint !== expected.fingerprint)
    throw new ReportNotVerified(
      `found a report signed with the key ${signature.fingerprint}, expected ${expected.fingerprint}`,
    );
  const key = keyOf('ed25519', Buffer.from(expected.publicKey, 'base64'));
  if (!isSignedWith(sealed, key))
    throw new ReportNotVerified(
      'the signature does not fit the file: it was changed since it was signed',
    );
  const { fingerprint } = signature;
  if (format === 'text') return { format, fingerprint, ...namedIn(content), approvals: [] };
  const { report, writtenAt } = documentIn(content, format);
  const approvals = report.approvals.map((its) => checked(report, its, approvers));
  const { workflowId: migration, outcome } = report;
  return { format, fingerprint, writtenAt, migration, outcome, approvals };
}

function documentIn(content: string, format: 'html' | 'json'): ReportDocument {
  if (format === 'json') return JSON.parse(`${content}}`) as ReportDocument;
  const [, json = ''] =
    /<script type="application\/json" id="report">([^]*?)<\/script>/.exec(content) ?? [];
  return JSON.parse(json) as ReportDocument;
}

/** What the head of a text says of itself. */
function namedIn(content: string): Pick<VerifiedReport, 'migration' | 'writtenAt' | 'outcome'> {
  const head = content.slice(
    BEGINNINGS.text.length,
    content.indexOf('\n\n', BEGINNINGS.text.length + 1),
  );
  const valueOf = (name: string) => new RegExp(`^${name} +(.*)$`, 'm').exec(head)?.[1] ?? '';
  return { migration: valueOf('Migration'), writtenAt: valueOf('Written'), outcome: undefined };
}

function checked(
  { workflowId, planHash }: RunReport,
  approval: RunReport['approvals'][number],
  approvers: readonly Omit<Approver, 'name'>[],
): CheckedApproval {
  const { gate, approver, signed } = approval;
  if (!signed) return { gate, approver, state: 'not-signed' };
  const { fingerprint } = signed;
  const known = approvers.find((its) => its.fingerprint === fingerprint);
  if (!known) return { gate, approver, state: 'no-key', fingerprint };
  const problem = approvalProblem(
    { approvers: [{ ...known, name: approver }], twoPersons: [], rootKeyProof: 'optional' },
    signedOf(approval, { migration: workflowId, planHash }),
    CRYPTOGRAPHY,
  );
  if (problem) throw new ReportNotVerified(`the approval of ${gate} by ${approver}: ${problem.message}`);
  return { gate, approver, state: 'right', fingerprint };
}

/** The fingerprint of the public half of a private key. */
export function fingerprintOf(privateKey: KeyObject): string {
  return readPublicKey(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString())
    .fingerprint;
}
