import type { PublicSigningKey, SigningAlgorithm, UnsignedTransaction } from './participant.js';

/**
 * Something the offline root key is asked to sign: `namespace-delegation` before it is issued, `party-hosting` for each
 * party on the live route, `root-key-proof` as evidence.
 */
export interface SignatureRequest {
  purpose: 'namespace-delegation' | 'party-hosting' | 'root-key-proof';
  /** The party, where there is one request for each. */
  party?: string;
  /** Whether the gate stays shut without it. */
  isRequired: boolean;
  key: PublicSigningKey;
  algorithm: SigningAlgorithm;
  /** Which request a signature belongs to: the hash of the transaction, or the SHA-256 of the text. Hex. */
  hash: string;
  /** Exactly the bytes to sign: the hash of the transaction, or the text. Base64. */
  toSign: string;
  /** The serialised topology transaction, base64; none of a proof. */
  transaction?: string;
  provided?: ProvidedSignature;
}

/**
 * What one key is asked to sign so that parties are hosted by the target: one transaction, or up to a hundred at once.
 * There may be very many, so they are kept in a list of their own.
 */
export interface HostingRequest {
  /** What is signed: the hash of the transaction, or the one over the hashes of all of them. 68 hex characters. */
  hash: string;
  /** Whose signature it is: the namespace of the parties, or one of its owners. */
  namespace: string;
  /** A key that may sign for it. */
  key: PublicSigningKey;
  algorithm: SigningAlgorithm;
  transactions: HostingTransaction[];
}

/** The hosting of one party, that nobody has signed. */
export interface HostingTransaction extends UnsignedTransaction {
  party: string;
}

/** A signature of a {@link HostingRequest}, as it was handed in. */
export interface HostingSignature {
  /** Of the request. */
  hash: string;
  /** Base64; 64 bytes of Ed25519, else DER. */
  signature: string;
  by: string;
  /** RFC 3339. */
  providedAt: string;
}

/** The hostings that keys outside of the nodes sign, and their signatures by now. */
export interface SignedHostings {
  requests: HostingRequest[];
  signatures: HostingSignature[];
}

interface ProvidedSignature {
  /** Base64; 64 bytes of Ed25519, else DER. */
  signature: string;
  by: string;
  /** RFC 3339. */
  providedAt: string;
}

/** Argument of the update `provideSignature`. */
export interface ProvideSignatureInput {
  /** Of the request, as the status shows it. Hex. */
  hash: string;
  /** Fingerprint of the key. */
  signedBy: string;
  algorithm: SigningAlgorithm;
  /** Base64. */
  signature: string;
  /** Who provides it, as the report is to show it. */
  by: string;
}

/** A signature request as an operator sees it. */
export interface SignatureToProvide {
  purpose: SignatureRequest['purpose'];
  party?: string;
  isRequired: boolean;
  /** Fingerprint of the key that has to sign. */
  signedBy: string;
  algorithm: SigningAlgorithm;
  hash: string;
  toSign: Bytes;
  transaction?: Bytes;
  /** For a shell with `root-key.pem`: writes `file`, and prints the signature in base64. */
  command: string;
  /** Where the command leaves the signature. */
  file: string;
  providedBy?: string;
  /** The signature that was handed in, base64: the same again is no mistake. */
  providedSignature?: string;
}

interface Bytes {
  hex: string;
  base64: string;
}

/** The algorithm that a key of this spec signs with. Source: admin-api 1.3 and 1.7. */
export function algorithmOf(spec: string): SigningAlgorithm {
  if (spec === 'EC_CURVE25519') return 'ED25519';
  return spec === 'EC_P384' ? 'EC_DSA_SHA_384' : 'EC_DSA_SHA_256';
}

/** What the root key signs as a proof: a text, so that it can never be taken for a topology transaction. */
export function proofText(about: {
  namespace: string;
  workflowId: string;
  planHash: string;
  challenge: string;
}): string {
  return [
    'canton-migrate: the root namespace key is at hand',
    `namespace ${about.namespace}`,
    `migration ${about.workflowId}`,
    `plan ${about.planHash}`,
    `challenge ${about.challenge}`,
    '',
  ].join('\n');
}

export function signatureToProvide(request: SignatureRequest): SignatureToProvide {
  const { purpose, party, isRequired, key, algorithm, hash, toSign, transaction, provided } = request;
  return {
    purpose,
    ...(party !== undefined && { party }),
    isRequired,
    signedBy: key.fingerprint,
    algorithm,
    hash,
    toSign: bytesOf(toSign),
    ...(transaction !== undefined && { transaction: bytesOf(transaction) }),
    command: signingCommand(request),
    file: `${nameOf(request)}.sig`,
    ...(provided && { providedBy: provided.by, providedSignature: provided.signature }),
  };
}

/** One line where a status does not have everything that is to be signed. */
export function moreToSign({
  signatures = [],
  signatureCount = signatures.length,
}: {
  signatures?: SignatureToProvide[];
  signatureCount?: number;
}): string[] {
  if (signatures.length === signatureCount) return [];
  return [
    `${signatures.length} of ${signatureCount} to sign are shown; the next as these are submitted`,
  ];
}

const SIGN: Record<SigningAlgorithm, (file: string) => string> = {
  ED25519: (file) => `pkeyutl -sign -rawin -inkey root-key.pem -in ${file}.bin -out ${file}.sig`,
  EC_DSA_SHA_256: (file) => `dgst -sha256 -sign root-key.pem -out ${file}.sig ${file}.bin`,
  EC_DSA_SHA_384: (file) => `dgst -sha384 -sign root-key.pem -out ${file}.sig ${file}.bin`,
};

function signingCommand(request: SignatureRequest): string {
  const name = nameOf(request);
  return [
    `printf %s '${request.toSign}' | openssl base64 -d -A -out ${name}.bin`,
    `openssl ${SIGN[request.algorithm](name)}`,
    `openssl base64 -A -in ${name}.sig`,
  ].join(' && ');
}

/** Names the files of a request; there may be many for parties. A hash begins alike for all, with `1220`. */
function nameOf({ purpose, party, hash }: Pick<SignatureRequest, 'purpose' | 'party' | 'hash'>): string {
  return party === undefined ? purpose : `${purpose}-${hash.slice(4, 16)}`;
}

function bytesOf(base64: string): Bytes {
  return { hex: hexOf(base64), base64 };
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** By hand, because workflow code has neither `Buffer` nor `atob`. */
function hexOf(base64: string): string {
  let bits = 0;
  let count = 0;
  let hex = '';
  for (const character of base64.replace(/=+$/, '')) {
    bits = (bits << 6) | BASE64.indexOf(character);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    hex += ((bits >> count) & 0xff).toString(16).padStart(2, '0');
    bits &= (1 << count) - 1;
  }
  return hex;
}
