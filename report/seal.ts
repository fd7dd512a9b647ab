import { sign, verify, type KeyObject } from 'node:crypto';

import type { ReportFormat } from '../model/kept-report.js';

/** The private key of the worker's configuration that signs reports. */
export interface SigningKey {
  key: KeyObject;
  /** Of its public key, as `ssh-keygen -l` shows it. */
  fingerprint: string;
}

/** What stands around the signature, and the end of a file. */
const AROUND: Record<ReportFormat, [before: string, after: string, end: string]> = {
  text: ['Signature: ', '', '\n'],
  html: ['<!-- ', ' -->\n', '</html>\n'],
  json: [',"signature":"', '"', '}\n'],
};

const NAME = 'canton-migrate report, ed25519';
const SIGNATURE = /canton-migrate report, ed25519 (SHA256:[A-Za-z0-9+/]{43}) ([A-Za-z0-9+/]{86}==)$/;

/** What a file is found to be. */
export interface Sealed {
  format: ReportFormat;
  /** The file up to where the signature begins. */
  content: string;
  /** Absent if the file is not signed. */
  signature?: { fingerprint: string; value: Buffer };
  /** What was signed: every byte of the file but those of the signature itself. */
  signed: Buffer;
}

/**
 * Ends a file that has everything but its end, with a signature over all its bytes but those of the signature itself; with
 * the end alone if there is no key.
 */
export function seal(content: string, format: ReportFormat, key: SigningKey | undefined): string {
  const [before, after, end] = AROUND[format];
  if (!key) return content + (format === 'text' ? '' : end);
  const start = `${content}${before}${NAME} ${key.fingerprint} `;
  const value = sign(null, Buffer.from(start + after + end), key.key).toString('base64');
  return start + value + after + end;
}

/** Takes a file apart; nothing if it is no report. Says nothing of whether its signature is right. */
export function unseal(file: Buffer): Sealed | undefined {
  const text = file.toString();
  // What is no UTF-8 would be read as something else.
  if (!Buffer.from(text).equals(file)) return undefined;
  const format = formatOf(text);
  if (!format) return undefined;
  const [before, ...ending] = AROUND[format];
  const after = ending.join('');
  const body = text.endsWith(after) ? text.slice(0, text.length - after.length) : text;
  const [all, fingerprint, base64] = (body.length < text.length && SIGNATURE.exec(body)) || [];
  if (all === undefined || fingerprint === undefined || base64 === undefined)
    return { format, content: text, signed: file };
  const start = body.slice(0, body.length - all.length);
  const value = Buffer.from(base64, 'base64');
  // One signature has one way to be written.
  if (!start.endsWith(before) || value.toString('base64') !== base64) return undefined;
  const signed = Buffer.from(body.slice(0, body.length - base64.length) + after);
  const content = start.slice(0, start.length - before.length);
  return { format, content, signature: { fingerprint, value }, signed };
}

/** Whether the signature of a file is one of this key. */
export function isSignedWith({ signature, signed }: Sealed, publicKey: KeyObject): boolean {
  return signature !== undefined && verify(null, signed, publicKey, signature.value);
}

/** How a file of each format begins. */
export const BEGINNINGS: Record<ReportFormat, string> = {
  text: 'Report of a migration\n',
  html: '<!doctype html>\n<html lang="en" data-format="canton-migrate report">\n',
  json: '{"format":"canton-migrate report","version":1,',
};

function formatOf(text: string): ReportFormat | undefined {
  return (['text', 'html', 'json'] as const).find((format) => text.startsWith(BEGINNINGS[format]));
}
