import { createHash } from 'node:crypto';

import { fingerprintOfFramed } from '../canton/fingerprint.js';
import { keyThresholdIn, partyKeysIn } from '../canton/v30/party-keys.js';
import { delegationIn, partyMappingIn } from '../canton/v30/topology-messages.js';
import { multiTransactionHash, transactionHash } from '../canton/transaction-hash.js';
import {
  PROOF_START,
  signatureKey,
  type HostingRequest,
  type HostingSignature,
  type SignatureRequest,
  type SignaturesToProvide,
} from '../model/ceremony.js';
import { counted, listed } from '../model/count.js';
import { describeHosting } from '../model/hosting.js';
import type { Listed } from '../model/listed.js';
import type { DelegationRestriction, PartyMapping, SigningAlgorithm } from '../model/participant.js';
import { bounded } from '../model/shown-text.js';
import { MigrationError } from './errors.js';

/** Of a wrong field. */
const FOUND_LIMIT = 80;

/** Something to sign, as a line of JSON: all that a signer needs, whatever it signs with. */
export interface LineToSign {
  purpose: SignatureRequest['purpose'] | 'party-hosting';
  /** What it means, in words. */
  says: string;
  /** Which request the signature belongs to. Hex. */
  hash: string;
  /** Exactly the bytes to sign. Base64. */
  toSign: string;
  /** Fingerprint of the key. */
  signedBy: string;
  /** DER of SubjectPublicKeyInfo, base64. */
  publicKey: string;
  algorithm: SigningAlgorithm;
  /** Whether the migration waits for it at its first gate. */
  isRequired: boolean;
  /** What is hashed; none of a proof. */
  transactions?: TransactionToSign[];
  /** Who has handed a signature in already. */
  providedBy?: string;
}

interface TransactionToSign {
  /** Base64. */
  transaction: string;
  hash: string;
  says: string;
}

/** What has to be signed, with the items of every list. */
export type ToSign = SignaturesToProvide & {
  hostings?: {
    requests: readonly HostingRequest[];
    signatures: readonly HostingSignature[];
  };
};

/** Returns a line for each thing to sign, those of one key together. */
export function* linesToSign({ requests, hostings }: ToSign): Generator<LineToSign> {
  for (const { purpose, isRequired, key, algorithm, hash, toSign, transaction, provided } of requests) {
    const transactions = transaction === undefined ? {} : { transactions: [{ hash, transaction }] };
    yield inWords({
      ...{ purpose, hash, toSign, signedBy: key.fingerprint, publicKey: key.publicKey },
      ...{ algorithm, isRequired, ...transactions },
      ...(provided && { providedBy: provided.by }),
    });
  }
  const given = new Map(hostings?.signatures.map((its) => [signatureKey(its), its.by]));
  const ordered = [...(hostings?.requests ?? [])].sort((a, b) =>
    a.key.fingerprint < b.key.fingerprint ? -1 : a.key.fingerprint > b.key.fingerprint ? 1 : 0,
  );
  for (const { hash, key, algorithm, isRequired, transactions } of ordered) {
    const providedBy = given.get(signatureKey({ hash, signedBy: key.fingerprint }));
    yield inWords({
      purpose: 'party-hosting',
      hash,
      toSign: Buffer.from(hash, 'hex').toString('base64'),
      ...{ signedBy: key.fingerprint, publicKey: key.publicKey, algorithm, isRequired },
      transactions: transactions.map((its) => ({ hash: its.hash, transaction: its.transaction })),
      ...(providedBy !== undefined && { providedBy }),
    });
  }
}

type WithoutWords = Omit<LineToSign, 'says' | 'transactions'> & {
  transactions?: { transaction: string; hash: string }[];
};

/**
 * Returns a line of an exported file with what its bytes mean: nothing of it is taken from whoever wrote the line.
 * Fails with `LineInvalid` if it is none, and with `HashMismatch` unless what is signed is the hash of what is shown.
 */
export function lineInWords(value: Record<string, unknown>): LineToSign {
  for (const field of ['purpose', 'hash', 'signedBy', 'algorithm'])
    if (typeof value[field] !== 'string') throw invalid(field, value[field], 'a text');
  for (const field of ['toSign', 'publicKey']) requireBase64(field, value[field]);
  const { transactions } = value;
  if (transactions !== undefined) {
    if (!Array.isArray(transactions) || transactions.length === 0)
      throw invalid('transactions', transactions, 'at least one, or no such field');
    for (const its of transactions as unknown[])
      requireBase64('transaction', (its as { transaction?: unknown } | null)?.transaction);
  }
  const { purpose, hash, toSign, signedBy, publicKey, algorithm, isRequired } =
    value as unknown as LineToSign;
  const line = { purpose, hash, toSign, signedBy, publicKey, algorithm, isRequired };
  return inWords(transactions ? { ...line, transactions: transactions as TransactionToSign[] } : line);
}

function inWords({ transactions, purpose, ...line }: WithoutWords): LineToSign {
  const { hash, toSign, signedBy, publicKey } = line;
  const key = fingerprintOfFramed(Buffer.from(publicKey, 'base64'));
  if (signedBy !== key) throw mismatch(`found the key ${signedBy}, and publicKey is that of ${key}`);
  if (!transactions) return { purpose, says: proofIn(purpose, hash, toSign), ...line };
  const hashes = transactions.map((its) => transactionHash(Buffer.from(its.transaction, 'base64')));
  for (const [at, its] of transactions.entries()) requireHash(its.hash, hashes[at]!);
  const [only, ...others] = hashes;
  requireHash(hash, others.length === 0 ? only! : multiTransactionHash(hashes));
  requireHash(Buffer.from(toSign, 'base64').toString('hex'), hash);
  const each = transactions.map((its) => ({ ...its, says: meaningOf(its.transaction, purpose) }));
  const says =
    each.length === 1
      ? each[0]!.says
      : `${counted(each.length, 'topology transaction')}: ${listed(
          each.map((its) => its.says),
          2,
        )}`;
  return { purpose, says, ...line, transactions: each };
}

/** What is signed without a transaction can only be a proof: a text, which no participant takes for anything. */
function proofIn(purpose: string, hash: string, toSign: string): string {
  if (purpose !== 'root-key-proof')
    throw invalid('transactions', undefined, `what ${purpose} signs: only a root-key-proof has none`);
  const bytes = Buffer.from(toSign, 'base64');
  const text = bytes.toString('utf8');
  if (!text.startsWith(PROOF_START)) throw invalid('toSign', text, `a text that begins ${PROOF_START}`);
  requireHash(hash, createHash('sha256').update(bytes).digest('hex'));
  return text.trimEnd();
}

function requireHash(found: unknown, expected: string): void {
  if (found !== expected)
    throw mismatch(`found the hash ${textOf(found)}, and ${expected} of the bytes`);
}

function mismatch(found: string): MigrationError {
  const message = `${found}: what would be signed is not what is shown`;
  const next = 'export it again, and sign nothing of this';
  return new MigrationError('mismatch', 'HashMismatch', message, next);
}

function requireBase64(field: string, value: unknown): void {
  // Not what Node makes of it: the signer may use another decoder.
  if (typeof value !== 'string' || Buffer.from(value, 'base64').toString('base64') !== value)
    throw invalid(field, value, 'base64');
}

function invalid(field: string, found: unknown, expected: string): MigrationError {
  const message = `${field}: found ${textOf(found)}, expected ${expected}`;
  const next = 'name a file that canton-migrate signatures export wrote, and sign nothing of this one';
  return new MigrationError('usage', 'LineInvalid', message, next);
}

function textOf(found: unknown): string {
  return bounded(typeof found === 'string' ? found : (JSON.stringify(found) ?? 'nothing'), FOUND_LIMIT);
}

function meaningOf(transaction: string, purpose: string): string {
  const meaning = partsOf(Buffer.from(transaction, 'base64'));
  if (meaning?.purpose === purpose) return meaning.says;
  const found = meaning ? meaning.purpose : 'something else than a hosting or a delegation';
  throw invalid('transaction', found, `what ${purpose} signs`);
}

function partsOf(bytes: Uint8Array): Pick<LineToSign, 'purpose' | 'says'> | undefined {
  try {
    const mapping = partyMappingIn(bytes);
    if (mapping) return { purpose: 'party-hosting', says: hostingIn(mapping) };
    const delegation = delegationIn(bytes);
    if (!delegation) return undefined;
    const { namespace, targetKey, restriction } = delegation;
    const says = `key ${targetKey} may sign ${ALLOWED[restriction]} for the namespace ${namespace}`;
    return { purpose: 'namespace-delegation', says };
  } catch {
    // No topology transaction: the caller says so.
    return undefined;
  }
}

const ALLOWED: Record<DelegationRestriction, string> = {
  CanSignAllMappings: 'everything, further delegations too,',
  CanSignAllButNamespaceDelegations: 'everything but delegations',
  CanSignSpecificMappings: 'some kinds of mappings',
};

function hostingIn(mapping: PartyMapping): string {
  const { party, serial, signingKeys } = mapping;
  const keys = signingKeys === undefined ? [] : partyKeysIn(signingKeys);
  const fingerprints = keys.map(({ fingerprint }) => fingerprint).join(', ');
  const named =
    signingKeys === undefined
      ? ''
      : `, of which ${keyThresholdIn(signingKeys)} of ${keys.length} sign: ${fingerprints}`;
  return `${party} is hosted by ${describeHosting(mapping)}${named} (serial ${serial})`;
}

/** A list as the client got it. */
export type ReadList = <T>(list: Listed<T>) => Promise<readonly T[]>;

/** Reads the lists of what has to be signed from where they are kept. */
export async function resolved(
  { requests, hostings }: SignaturesToProvide,
  read: ReadList,
): Promise<ToSign> {
  if (!hostings) return { requests };
  const [all, given] = [await read(hostings.requests), await read(hostings.signatures)];
  return { requests, hostings: { requests: all, signatures: given } };
}
