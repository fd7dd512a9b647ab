import {
  SIGNATURE_NAMESPACE,
  type Approver,
  type ApproverAlgorithm,
  approvalText,
  type SignedApproval,
} from './approver.js';

/** What a caller has of cryptography: a workflow another library than the worker. */
export interface Cryptography {
  /** Fails with anything if the text is not base64. */
  fromBase64(text: string): Uint8Array;
  hash(algorithm: 'sha256' | 'sha512', bytes: Uint8Array): Uint8Array;
  /** `der` and `compact` are ways to write the two numbers of ECDSA. */
  verify(its: {
    algorithm: ApproverAlgorithm;
    publicKey: Uint8Array;
    message: Uint8Array;
    signature: Uint8Array;
    encoding: 'der' | 'compact';
  }): boolean;
}

/** `SSHSIG`, as PROTOCOL.sshsig of OpenSSH has it. */
const MAGIC = [0x53, 0x53, 0x48, 0x53, 0x49, 0x47];
const SSH_NAMES: Record<ApproverAlgorithm, string> = {
  ed25519: 'ssh-ed25519',
  'ecdsa-p256': 'ecdsa-sha2-nistp256',
};
const CURVE = 'nistp256';
const NUMBER_BYTES = 32;

/**
 * Returns why a signature is none of this approver over this approval, or nothing if it is one.
 *
 * @param signature base64 of what `openssl` writes, or of what is in the armor of `ssh-keygen -Y sign`
 */
export function signatureProblem(
  approval: SignedApproval,
  signature: string,
  approver: Approver,
  cryptography: Cryptography,
): string | undefined {
  const message = new TextEncoder().encode(approvalText(approval));
  try {
    const bytes = cryptography.fromBase64(signature);
    const publicKey = cryptography.fromBase64(approver.publicKey);
    if (MAGIC.every((byte, at) => bytes[at] === byte))
      return sshProblem(bytes, { message, publicKey, approver }, cryptography);
    const { algorithm } = approver;
    const its = { algorithm, publicKey, message, signature: bytes, encoding: 'der' as const };
    return cryptography.verify(its) ? undefined : other(approver);
  } catch {
    return 'found neither base64 of a signature nor a signature of ssh-keygen';
  }
}

/** What is signed there is the hash of the message, with the namespace. Source: OpenSSH, PROTOCOL.sshsig. */
function sshProblem(
  bytes: Uint8Array,
  of: { message: Uint8Array; publicKey: Uint8Array; approver: Approver },
  cryptography: Cryptography,
): string | undefined {
  const { approver, publicKey, message } = of;
  const reader = new Reader(bytes.subarray(MAGIC.length));
  if (reader.readNumber() !== 1) return 'found a signature of another version of ssh-keygen';
  const key = reader.readBytes();
  const namespace = reader.readText();
  const reserved = reader.readBytes();
  const hash = reader.readText();
  const blob = new Reader(reader.readBytes());
  if (namespace !== SIGNATURE_NAMESPACE)
    return `found a signature for the namespace ${JSON.stringify(namespace)}, expected ssh-keygen -Y sign -n ${SIGNATURE_NAMESPACE}`;
  if (hash !== 'sha256' && hash !== 'sha512') return 'found a signature with an unknown hash';
  if (!isEqual(key, sshKey(approver.algorithm, publicKey))) return other(approver);
  if (blob.readText() !== SSH_NAMES[approver.algorithm]) return other(approver);
  const signed = joined([
    Uint8Array.from(MAGIC),
    sized(utf8(namespace)),
    sized(reserved),
    sized(utf8(hash)),
    sized(cryptography.hash(hash, message)),
  ]);
  const signature =
    approver.algorithm === 'ed25519' ? blob.readBytes() : compact(new Reader(blob.readBytes()));
  const its = { algorithm: approver.algorithm, publicKey, signature, message: signed };
  return cryptography.verify({ ...its, encoding: 'compact' }) ? undefined : other(approver);
}

/** A public key as OpenSSH writes it, before base64. */
export function sshKey(algorithm: ApproverAlgorithm, publicKey: Uint8Array): Uint8Array {
  const curve = algorithm === 'ed25519' ? [] : [sized(utf8(CURVE))];
  return joined([sized(utf8(SSH_NAMES[algorithm])), ...curve, sized(publicKey)]);
}

/** The same the other way round; nothing if it is a key of another kind. */
export function readSshKey(
  blob: Uint8Array,
): { algorithm: ApproverAlgorithm; publicKey: Uint8Array } | undefined {
  const reader = new Reader(blob);
  const name = reader.readText();
  const algorithm = (['ed25519', 'ecdsa-p256'] as const).find((its) => SSH_NAMES[its] === name);
  if (!algorithm || (algorithm === 'ecdsa-p256' && reader.readText() !== CURVE)) return undefined;
  return { algorithm, publicKey: reader.readBytes() };
}

function other({ name, fingerprint }: Approver): string {
  return `found no signature of ${name}'s key ${fingerprint} over this approval: it was made with another key, or of another text`;
}

/** The two numbers of ECDSA at full length. */
function compact(reader: Reader): Uint8Array {
  const fixed = (number: Uint8Array) => {
    const digits = number.subarray(number.findIndex((byte) => byte !== 0));
    const bytes = new Uint8Array(NUMBER_BYTES);
    bytes.set(digits, NUMBER_BYTES - digits.length);
    return bytes;
  };
  return joined([fixed(reader.readBytes()), fixed(reader.readBytes())]);
}

/** Numbers and strings as OpenSSH writes them; fails where they end too early. */
class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  readNumber(): number {
    const { buffer, byteOffset, length } = this.bytes;
    const number = new DataView(buffer, byteOffset, length).getUint32(this.at);
    this.at += 4;
    return number;
  }

  readBytes(): Uint8Array {
    const length = this.readNumber();
    const end = this.at + length;
    if (end > this.bytes.length) throw new RangeError('a string ends too early');
    const found = this.bytes.subarray(this.at, end);
    this.at = end;
    return found;
  }

  readText(): string {
    return String.fromCharCode(...this.readBytes().subarray(0, 100));
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function sized(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return joined([length, bytes]);
}

function joined(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
