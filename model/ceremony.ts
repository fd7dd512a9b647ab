import { count, counted } from './count.js';
import type { Listed } from './listed.js';
import type { PublicSigningKey, SigningAlgorithm, UnsignedTransaction } from './participant.js';

/**
 * Something the offline root key is asked to sign: `namespace-delegation` before it is issued, `root-key-proof` as
 * evidence. There are few; what is signed for each party is a {@link HostingRequest}.
 */
export interface SignatureRequest {
  purpose: 'namespace-delegation' | 'root-key-proof';
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
  /**
   * Whether the gate `root-key` stays shut without it. Whoever has a node may sign there instead, as the owners of a
   * decentralised namespace do: for those the step waits that proposes the parties.
   */
  isRequired: boolean;
  transactions: HostingTransaction[];
}

/** The hosting of one party, that nobody has signed. */
export interface HostingTransaction extends UnsignedTransaction {
  party: string;
  /** Of a party whose hosting was changed since: another request takes its place, and this one only counts for the hash. */
  isOutdated?: true;
}

/** A signature of a {@link HostingRequest}, as it was handed in. */
export interface HostingSignature {
  /** Of the request. */
  hash: string;
  /** Fingerprint of the key: owners of one namespace sign the same hash. */
  signedBy: string;
  /** Base64; 64 bytes of Ed25519, else DER. */
  signature: string;
  by: string;
  /** RFC 3339. */
  providedAt: string;
}

/** What tells a signature from that of another owner of the same hash. */
export function signatureKey({ hash, signedBy }: Pick<HostingSignature, 'hash' | 'signedBy'>): string {
  return `${hash} ${signedBy}`;
}

/** The hostings that keys outside of the nodes sign, and their signatures by now. */
export interface SignedHostings {
  requests: HostingRequest[];
  signatures: HostingSignature[];
}

/** As they travel through the workflow. */
export interface ListedHostings {
  requests: Listed<HostingRequest>;
  signatures: Listed<HostingSignature>;
}

/** The hostings to sign, as a migration keeps them. */
export interface Hostings extends ListedHostings {
  counts: HostingCounts;
  /** Whether a signature was found to be of a hosting that has changed since: the requests are made again. */
  isOutdated?: true;
}

/** How many signatures of hostings there are, and whose are missing. */
export interface HostingCounts {
  /** Requests, and so signatures that are asked for. */
  requests: number;
  parties: number;
  given: number;
  /** Those that the gate waits for. */
  missing: number;
  /** Keys that are asked. */
  keys: number;
  /** The first of them, those with the most missing first. */
  signers: SignerCount[];
}

interface SignerCount {
  /** Fingerprint of the key. */
  signedBy: string;
  requests: number;
  parties: number;
  given: number;
  isRequired: boolean;
}

/** A signature as it is handed in, by whatever tool: each field may be anything. */
export interface HandedIn {
  /** Of the request. */
  hash: string;
  /** Base64. */
  signature: string;
  /** Fingerprint of the key, to be compared; may be left out. */
  signedBy?: string;
  /** The same of how it was signed. */
  algorithm?: SigningAlgorithm;
}

/** What is wrong with the fields that a signature cannot do without; nothing if they can be looked at. */
export function handedInProblem(item: unknown): string | undefined {
  const fields = (item ?? {}) as Record<string, unknown>;
  const wrong = (['hash', 'signature'] as const).find((name) => {
    const text = fields[name];
    return typeof text !== 'string' || text.length > HANDED_IN_LIMIT;
  });
  if (wrong === 'signature' && fields['signature'] === undefined) return NOT_SIGNED;
  return wrong && `${wrong}: expected text of at most ${HANDED_IN_LIMIT} characters`;
}

/** Of a line as it was exported. */
export const NOT_SIGNED = 'not signed yet: signature is missing';

/** Of a hash, and of a signature. */
const HANDED_IN_LIMIT = 1_000;

/** Argument of the update `provideSignatures`. */
export interface ProvideSignaturesInput {
  signatures: Listed<HandedIn>;
  /** Who hands them in, as the report is to show it. */
  by: string;
}

/** What became of signatures that were handed in. */
export interface SignaturesTaken {
  accepted: number;
  /** The same as was given before. */
  alreadyGiven: number;
  refusedCount: number;
  /** The first of them. */
  refused: RefusedSignature[];
}

/** A signature that was not taken; the others stand. */
export interface RefusedSignature {
  /** In the list, from 1. */
  line: number;
  hash: string;
  /** Stable PascalCase name. */
  type: string;
  why: string;
}

/** Answer of the query `signatures`: everything that has to be signed outside of the nodes. */
export interface SignaturesToProvide {
  requests: SignatureRequest[];
  hostings?: ListedHostings;
}

/** How everything that has to be signed is had, and handed in. */
export const EXPORT_COMMAND = 'canton-migrate signatures export --file to-sign.jsonl';
export const IMPORT_COMMAND = 'canton-migrate signatures import --file signed.jsonl';

/** In the status. */
const SIGNERS_SHOWN = 5;

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

/** Specs of keys whose offline signatures are understood. Source: admin-api 1.3 and 1.7. */
export const OFFLINE_SPECS = ['EC_CURVE25519', 'EC_P256', 'EC_P384'];

/** The algorithm that a key of this spec signs with. Source: admin-api 1.3 and 1.7. */
export function algorithmOf(spec: string): SigningAlgorithm {
  if (spec === 'EC_CURVE25519') return 'ED25519';
  return spec === 'EC_P384' ? 'EC_DSA_SHA_384' : 'EC_DSA_SHA_256';
}

/** Nothing else that is signed begins so. */
export const PROOF_START = 'canton-migrate:';

/** What the root key signs as a proof: a text, so that it can never be taken for a topology transaction. */
export function proofText(about: {
  namespace: string;
  workflowId: string;
  planHash: string;
  challenge: string;
}): string {
  return [
    `${PROOF_START} the root namespace key is at hand`,
    `namespace ${about.namespace}`,
    `migration ${about.workflowId}`,
    `plan ${about.planHash}`,
    `challenge ${about.challenge}`,
    '',
  ].join('\n');
}

export function signatureToProvide(request: SignatureRequest): SignatureToProvide {
  const { purpose, isRequired, key, algorithm, hash, toSign, transaction, provided } = request;
  return {
    purpose,
    isRequired,
    signedBy: key.fingerprint,
    algorithm,
    hash,
    toSign: bytesOf(toSign),
    ...(transaction !== undefined && { transaction: bytesOf(transaction) }),
    command: signingCommand(request),
    file: `${purpose}.sig`,
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
  const name = request.purpose;
  return [
    `printf %s '${request.toSign}' | openssl base64 -d -A -out ${name}.bin`,
    `openssl ${SIGN[request.algorithm](name)}`,
    `openssl base64 -A -in ${name}.sig`,
  ].join(' && ');
}

/** Counts what is asked of each key and what is given; those with the most missing come first. */
export function countHostings(
  requests: readonly HostingRequest[],
  signatures: readonly Pick<HostingSignature, 'hash' | 'signedBy'>[],
): HostingCounts {
  const given = new Set(signatures.map(signatureKey));
  const signers = new Map<string, SignerCount>();
  const parties = new Set<string>();
  let missing = 0;
  for (const { hash, key, isRequired, transactions } of requests) {
    const current = transactions.filter((its) => !its.isOutdated);
    if (current.length === 0) continue;
    const signedBy = key.fingerprint;
    const id = `${signedBy} ${isRequired}`;
    const its = signers.get(id) ?? { signedBy, requests: 0, parties: 0, given: 0, isRequired };
    its.requests += 1;
    its.parties += current.length;
    if (given.has(signatureKey({ hash, signedBy }))) its.given += 1;
    else if (isRequired) missing += 1;
    signers.set(id, its);
    for (const { party } of current) parties.add(party);
  }
  const all = [...signers.values()];
  const missingOf = (its: SignerCount) => (its.isRequired ? its.requests - its.given : 0);
  all.sort((a, b) => missingOf(b) - missingOf(a));
  return {
    requests: all.reduce((sum, its) => sum + its.requests, 0),
    parties: parties.size,
    given: all.reduce((sum, its) => sum + its.given, 0),
    missing,
    keys: new Set(all.map(({ signedBy }) => signedBy)).size,
    signers: all.slice(0, SIGNERS_SHOWN),
  };
}

/** How many signatures a gate still waits for, those of the parties and all others. */
export function missingSignatures({
  signatures = [],
  hostings,
}: {
  signatures?: SignatureToProvide[];
  hostings?: HostingCounts;
}): number {
  const open = signatures.filter((its) => its.isRequired && its.providedBy === undefined);
  return open.length + (hostings?.missing ?? 0);
}

/** One line for an operator: `2 of 3 signatures given, for 250 parties`; `isOver`: once the parties are hosted. */
export function describeHostings(
  { requests, parties, given, missing }: HostingCounts,
  isOver = false,
): string {
  const all = `${count(given)} of ${counted(requests, 'signature')} given`;
  const waits = missing > 0 ? `, ${count(missing)} of those that the gate waits for are missing` : '';
  const rest = isOver && given < requests ? '; no other was needed' : waits;
  return `${all}, for the hosting of ${counted(parties, 'party', 'parties')}${rest}`;
}

/** The keys that are asked, with what is missing of each; the rest counted. None once all have signed. */
export function describeSigners({ signers, keys, given, requests }: HostingCounts): string[] {
  if (given === requests) return [];
  const named = new Set(signers.map(({ signedBy }) => signedBy)).size;
  return [
    ...signers.map(
      ({ signedBy, requests, parties, given, isRequired }) =>
        `key ${signedBy}: ${count(given)} of ${count(requests)}, for ${counted(parties, 'party', 'parties')}` +
        (isRequired
          ? ''
          : '; not needed once enough owners have signed, and its owner may sign on a node of their own instead, by Authorize of the mapping as docs/operating/signatures.md has it'),
    ),
    ...(keys > named ? [`and ${counted(keys - named, 'more key')}`] : []),
  ];
}

/** The keys that the gate still waits for, with what is missing of each. */
export function describeMissing({ signers, missing }: HostingCounts): string {
  const open = signers.filter((its) => its.isRequired && its.given < its.requests);
  const named = open.reduce((sum, its) => sum + its.requests - its.given, 0);
  return [
    ...open.map(
      ({ signedBy, requests, given }) =>
        `key ${signedBy}: ${count(requests - given)} of ${count(requests)}`,
    ),
    ...(missing > named ? [`${count(missing - named)} of other keys`] : []),
  ].join('; ');
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
