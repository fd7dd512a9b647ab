import { delegationIn, partyMappingIn } from '../canton/topology-messages.js';
import { multiTransactionHash, transactionHash } from '../canton/transaction-hash.js';
import {
  signatureKey,
  type HostingRequest,
  type HostingSignature,
  type SignatureRequest,
  type SignaturesToProvide,
} from '../model/ceremony.js';
import { counted, listed } from '../model/count.js';
import { describeHosting } from '../model/hosting.js';
import type { Listed } from '../model/listed.js';
import type { SigningAlgorithm } from '../model/participant.js';
import { MigrationError } from './errors.js';

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
 * Returns a line with what its bytes mean: nothing of it is taken from whoever wrote the line. Fails with `HashMismatch`
 * unless what is signed is the hash of these bytes.
 */
export function inWords({ transactions, purpose, ...line }: WithoutWords): LineToSign {
  const { hash, toSign } = line;
  if (!transactions) {
    const says = Buffer.from(toSign, 'base64').toString('utf8').trimEnd();
    return { purpose, says, ...line };
  }
  const hashes = transactions.map((its) => transactionHash(Buffer.from(its.transaction, 'base64')));
  for (const [at, its] of transactions.entries()) requireHash(its.hash, hashes[at]!);
  const [only, ...others] = hashes;
  requireHash(hash, others.length === 0 ? only! : multiTransactionHash(hashes));
  requireHash(Buffer.from(toSign, 'base64').toString('hex'), hash);
  const each = transactions.map((its) => ({ ...its, says: meaningOf(its.transaction) }));
  const says =
    each.length === 1
      ? each[0]!.says
      : `${counted(each.length, 'topology transaction')}: ${listed(
          each.map((its) => its.says),
          2,
        )}`;
  return { purpose, says, ...line, transactions: each };
}

function requireHash(found: string, expected: string): void {
  if (found === expected) return;
  const message = `found the hash ${found}, and ${expected} of the bytes: what would be signed is not what is shown`;
  throw new MigrationError(
    'mismatch',
    'HashMismatch',
    message,
    'export it again, and sign nothing of this',
  );
}

function meaningOf(transaction: string): string {
  const bytes = Buffer.from(transaction, 'base64');
  const mapping = partyMappingIn(bytes);
  if (mapping) {
    const { party, serial } = mapping;
    return `${party} is hosted by ${describeHosting(mapping)} (serial ${serial})`;
  }
  const delegation = delegationIn(bytes);
  if (delegation) {
    const { namespace, targetKey } = delegation;
    return `key ${targetKey} may sign everything but delegations for the namespace ${namespace}`;
  }
  return 'something else than the hosting of a party or a delegation';
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
