import { partyMappingIn } from '../../canton/v30/topology-messages.js';
import { signatureKey, type HostingTransaction, type SignedHostings } from '../../model/ceremony.js';
import { listed } from '../../model/count.js';
import { refused } from '../../model/failure.js';
import { isSameHosting } from '../../model/hosting.js';
import type { PartyMapping, TransactionSignature } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { repeatedBytes, SIGNATURE_BYTES } from '../../model/traffic.js';

/** A hosting with what outside keys signed of it. */
export interface SignedHosting {
  transaction: HostingTransaction;
  signatures: TransactionSignature[];
}

/**
 * Returns what was signed of these mappings, by party.
 *
 * A signature over several hostings is one of each of them. Fails with `SignatureOutdated` where a party was
 * signed for and its mapping has changed since. Source: networks C.
 */
export function signedOf(
  { name }: ParticipantReads,
  hostings: SignedHostings,
  wanted: readonly PartyMapping[],
): Map<string, SignedHosting> {
  const byParty = new Map(wanted.map((mapping) => [mapping.party, mapping]));
  const found = new Map<string, SignedHosting>();
  const outdated = new Set<string>();
  for (const signed of signedTransactions(hostings)) {
    const mapping = byParty.get(signed.transaction.party);
    if (!mapping) continue;
    const bytes = Buffer.from(signed.transaction.transaction, 'base64');
    if (isOf(partyMappingIn(bytes), mapping)) found.set(mapping.party, signed);
    else outdated.add(mapping.party);
  }
  const stale = [...outdated].filter((party) => !found.has(party));
  if (stale.length > 0) throw signatureOutdated(name, stale);
  return found;
}

/**
 * Bytes of the largest hosting with what was signed of it, and with the signature of a node; nothing if
 * nothing was.
 */
export function largestSigned(hostings: SignedHostings | undefined): number | undefined {
  let largest = 0;
  if (!hostings) return undefined;
  for (const { transaction, signatures } of signedTransactions(hostings)) {
    const repeated = signatures.map(({ signedTogether = [] }) =>
      repeatedBytes(1, signedTogether.length || 1),
    );
    const signed = repeated.reduce((sum, bytes) => sum + bytes + SIGNATURE_BYTES, SIGNATURE_BYTES);
    largest = Math.max(largest, Buffer.byteLength(transaction.transaction, 'base64') + signed);
  }
  return largest === 0 ? undefined : largest;
}

/**
 * Returns which keys sign for a party anyway, whether their signatures are under its proposal yet or not:
 * those of the source, and those whose signatures were handed in. Fails with `SignatureOutdated`.
 */
export async function signingKeys(
  source: ParticipantReads,
  signed: SignedHostings | undefined,
  wanted: readonly PartyMapping[],
): Promise<(party: string) => string[]> {
  const ofSource = (await source.vault.listKeys()).map(({ fingerprint }) => fingerprint);
  const handed = signed && signedOf(source, signed, wanted);
  return (party) => [
    ...ofSource,
    ...(handed?.get(party)?.signatures ?? []).map(({ signedBy }) => signedBy),
  ];
}

/** Failure: the signatures are for mappings of an earlier serial. */
function signatureOutdated(target: string, parties: readonly string[]): Error {
  return refused(
    'SignatureOutdated',
    `the mapping was changed since its hosting by ${target} was signed, of parties: ${parties.length}. Found a newer one of ${listed(parties)}`,
  );
}

function signedTransactions({ requests, signatures }: SignedHostings): Iterable<SignedHosting> {
  const given = new Map(signatures.map((its) => [signatureKey(its), its.signature]));
  const found = new Map<string, SignedHosting>();
  for (const { hash, key, algorithm, transactions } of requests) {
    const signature = given.get(signatureKey({ hash, signedBy: key.fingerprint }));
    if (signature === undefined) continue;
    const hashes = transactions.map((its) => its.hash);
    const signedTogether = hash === hashes[0] ? {} : { signedTogether: hashes };
    const its = { signedBy: key.fingerprint, algorithm, signature, ...signedTogether };
    for (const transaction of transactions.filter(({ isOutdated }) => !isOutdated)) {
      const known = found.get(transaction.hash);
      if (known) known.signatures.push(its);
      else found.set(transaction.hash, { transaction, signatures: [its] });
    }
  }
  return found.values();
}

function isOf(signed: PartyMapping | undefined, wanted: PartyMapping): boolean {
  return signed !== undefined && signed.serial === wanted.serial && isSameHosting(signed, wanted);
}
