import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What sealing adds to the length, in bytes. */
const SEAL_BYTES = NONCE_BYTES + TAG_BYTES;

/** Seals what lies on the disk of a worker, with AES-256-GCM: nonce, ciphertext, tag. */
export class SpoolCipher {
  /** Tells keys apart and says nothing about them: 16 hex characters. */
  readonly keyId: string;

  /** @param key 32 bytes */
  constructor(private readonly key: Buffer) {
    this.keyId = createHash('sha256').update('spool key id').update(key).digest('hex').slice(0, 16);
  }

  /** `place` is authenticated too: what is sealed for one place cannot be moved to another. */
  seal(plain: Uint8Array, place: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, nonce).setAAD(Buffer.from(place));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** Nothing if the bytes are not what this key sealed for this place. */
  open(sealed: Buffer, place: string): Buffer | undefined {
    if (sealed.length < SEAL_BYTES) return undefined;
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.key, nonce).setAAD(Buffer.from(place));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    try {
      return Buffer.concat([plain, decipher.final()]);
    } catch {
      // The tag does not fit; there is no other reason.
      return undefined;
    }
  }
}
