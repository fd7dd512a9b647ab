import type { Gate } from './phase.js';

/** Algorithms that openssl and ssh-keygen sign with. */
export type ApproverAlgorithm = 'ed25519' | 'ecdsa-p256';

/** Somebody whose signature opens gates. Part of the plan, so that nobody approves a plan with other approvers. */
export interface Approver {
  name: string;
  algorithm: ApproverAlgorithm;
  /** Base64: 32 bytes, or the 65 bytes of an uncompressed point. */
  publicKey: string;
  /** As `ssh-keygen -l` shows it. */
  fingerprint: string;
}

/** What an approver signs: one gate of one plan of one migration, at one time. */
export interface SignedApproval {
  /** Workflow id. */
  migration: string;
  gate: Gate;
  /** 64 hex characters. */
  planHash: string;
  approver: string;
  /** RFC 3339, UTC. */
  signedAt: string;
  evidence?: string;
  waiver?: string;
}

/** `ssh-keygen -Y sign` binds a signature to it, so that one that was made for something else is none. */
export const SIGNATURE_NAMESPACE = 'canton-migrate';

/** How old a signature may be when it is handed in, and how far ahead the clock of the approver. */
export const OLDEST_MS = 15 * 60_000;
export const AHEAD_MS = 5 * 60_000;

const TITLE = 'canton-migrate approval';
const FIELDS = [
  ['migration', 'migration'],
  ['gate', 'gate'],
  ['plan', 'planHash'],
  ['approver', 'approver'],
  ['time', 'signedAt'],
  ['evidence', 'evidence'],
  ['waiver', 'waiver'],
] as const satisfies [string, keyof SignedApproval][];

/** The text that is signed, byte for byte; one line for each field, each of which is given as JSON has it. */
export function approvalText(approval: SignedApproval): string {
  const lines = FIELDS.flatMap(([label, field]) => {
    const value = approval[field];
    return value === undefined ? [] : [`${label}: ${JSON.stringify(value)}`];
  });
  return [TITLE, ...lines, ''].join('\n');
}

/** What such a text says; nothing if it is another text. */
export function readApprovalText(text: string): SignedApproval | undefined {
  const found: Record<string, unknown> = {};
  for (const line of text.split('\n')) {
    const [, label, value] = /^(\w+): (".*")$/.exec(line) ?? [];
    const field = FIELDS.find(([its]) => its === label)?.[1];
    if (field && value) found[field] = fromJson(value);
  }
  const approval = found as unknown as SignedApproval;
  return approvalText(approval) === text ? approval : undefined;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why a time does not do for what is handed in now, or nothing. Both UTC; `now` in milliseconds. */
export function timeProblem(signedAt: string, now: number): string | undefined {
  const time = Date.parse(signedAt);
  const isUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(signedAt);
  if (!isUtc || Number.isNaN(time)) return 'expected a time such as 2026-11-29T19:00:00Z';
  const range = `expected one of the last 15 minutes, it is ${new Date(now).toISOString()}`;
  return now - time > OLDEST_MS || time - now > AHEAD_MS ? range : undefined;
}
