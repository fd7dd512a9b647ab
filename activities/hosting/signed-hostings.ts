import { partyMappingIn } from '../../canton/topology-messages.js';
import type { SignedHostings } from '../../model/ceremony.js';
import { refused } from '../../model/failure.js';
import type {
  PartyMapping,
  TransactionSignature,
  UnsignedTransaction,
} from '../../model/participant.js';
import { isSameHosting } from '../../model/hosting.js';

/** What keys outside of the nodes signed for one party. */
export interface HandedIn {
  transaction: UnsignedTransaction;
  signatures: TransactionSignature[];
  /** Fails with `SignatureOutdated` unless this is what was signed. */
  assertOf: (mapping: PartyMapping) => void;
}

/** The parties with signatures that were handed in, as far as `isWanted`. */
export function handedIn(
  signed: SignedHostings | undefined,
  isWanted: (party: string) => boolean = () => true,
): Map<string, HandedIn> {
  const found = new Map<string, HandedIn>();
  const given = new Map(signed?.signatures.map((its) => [its.hash, its.signature]));
  for (const { hash, key, algorithm, transactions } of signed?.requests ?? []) {
    const signature = given.get(hash);
    if (signature === undefined) continue;
    const hashes = transactions.map((its) => its.hash);
    const isTogether = hash !== hashes[0];
    const its: TransactionSignature = {
      ...{ signedBy: key.fingerprint, algorithm, signature },
      ...(isTogether && { signedTogether: hashes }),
    };
    for (const { party, isOutdated, ...transaction } of transactions) {
      if (isOutdated || !isWanted(party)) continue;
      const known = found.get(party);
      // Owners sign the same transaction; one that was made anew has signatures of its own.
      if (known?.transaction.hash === transaction.hash) known.signatures.push(its);
      else found.set(party, { transaction, signatures: [its], assertOf: asserting(transaction) });
    }
  }
  return found;
}

function asserting({ transaction }: UnsignedTransaction): HandedIn['assertOf'] {
  return (mapping) => {
    const signed = partyMappingIn(Buffer.from(transaction, 'base64'));
    // With serial 0 the node chose it: the party is not mapped there.
    const isSerial = mapping.serial === 0 || signed?.serial === mapping.serial;
    if (signed && isSerial && isSameHosting(signed, mapping)) return;
    throw refused(
      'SignatureOutdated',
      `the hosting of ${mapping.party} was changed since it was signed: its mapping had the serial ${(signed?.serial ?? 1) - 1} then, and has ${mapping.serial - 1} now`,
    );
  };
}
