import { readFileSync, writeFileSync } from 'node:fs';

import {
  approvalText,
  readApprovalText,
  SIGNATURE_NAMESPACE,
  type SignedApproval,
} from '../model/approver.js';
import type { Gate } from '../model/phase.js';
import type { ApproveInput } from '../model/steering.js';
import { MigrationError } from './errors.js';
import type { Terminal } from './terminal.js';

const ARMOR = /^-----BEGIN SSH SIGNATURE-----\s([A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----\s*$/;

/** How a text is signed: with a key of OpenSSH, and by openssl with one of Ed25519 or of ECDSA P-256. */
export function signingCommands(path: string): string[] {
  return [
    `ssh-keygen -Y sign -n ${SIGNATURE_NAMESPACE} -f ~/.ssh/id_ed25519 ${path}`,
    `openssl pkeyutl -sign -rawin -inkey ed25519.pem -in ${path} -out ${path}.sig`,
    `openssl dgst -sha256 -sign p256.pem -out ${path}.sig ${path}`,
  ];
}

/** Writes what an approver signs, of this moment, and says how it is signed and handed in. */
export function writeText(
  terminal: Terminal,
  approval: Omit<SignedApproval, 'signedAt'>,
  path: string,
): void {
  const signedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const text = approvalText({ ...approval, signedAt });
  inFile('--write-text', path, () => writeFileSync(path, text));
  terminal.print(`${path}, to be signed within 15 minutes by one of these commands:`);
  for (const command of signingCommands(path)) terminal.print(`  ${command}`);
  terminal.printJson({ path, text });
  terminal.next(`canton-migrate approve ${approval.gate} --text ${path} --signature-file ${path}.sig`);
}

/** The approval that was signed, with its signature; nothing if none is handed in. Fails with `InputInvalid`. */
export function readSigned(
  gate: Gate,
  { text: path, signatureFile }: { text?: string; signatureFile?: string },
): ApproveInput | undefined {
  if (path === undefined && signatureFile === undefined) return undefined;
  if (path === undefined || signatureFile === undefined)
    throw invalid('found only one of --text and --signature-file, expected both');
  const text = inFile('--text', path, () => readFileSync(path, 'utf8'));
  const signed = readApprovalText(text);
  if (!signed)
    throw invalid(`--text: found ${path}, which is not a text that --write-text wrote, byte for byte`);
  if (signed.gate !== gate)
    throw invalid(`--text: found an approval of ${signed.gate}, expected ${gate}`);
  const bytes = inFile('--signature-file', signatureFile, () => readFileSync(signatureFile));
  const [, armored] = ARMOR.exec(bytes.toString('latin1')) ?? [];
  const { planHash, approver, signedAt, evidence, waiver } = signed;
  const backup = {
    ...(evidence !== undefined && { evidence }),
    ...(waiver !== undefined && { waiver }),
  };
  const approval = { gate, planHash, approver, signedAt, ...backup };
  return { ...approval, signature: armored?.replace(/\s/g, '') ?? bytes.toString('base64') };
}

/** What an operator does who approves without a signature where one is needed. */
export function notSigned(gate: Gate): MigrationError {
  return new MigrationError(
    'refused',
    'ApprovalNotSigned',
    "the worker's configuration lists approvers: an approval has to be signed by one of them",
    `canton-migrate approve ${gate} --as <name> --write-text approval.txt`,
  );
}

function inFile<T>(option: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw invalid(`${option}: found ${path}, which cannot be read or written (${reason})`);
  }
}

function invalid(message: string): MigrationError {
  return new MigrationError('refused', 'InputInvalid', message, 'canton-migrate help approve');
}
