import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';

import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

import type { PayloadKey } from './payload-keys.js';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/**
 * Names of what the codec makes, in the metadata of a payload: the ones of Temporal's own codecs and samples.
 */
const ENCODING = { encrypted: 'binary/encrypted', compressed: 'binary/zlib' } as const;
/** Name of the metadata that says which key a payload was encrypted with. */
const KEY_ID = 'encryption-key-id';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Below, compression gains next to nothing. */
const COMPRESSED_FROM_BYTES = 1024;
/** What one payload may become when it is opened: far above the 2 MB of Temporal, far below what hurts. */
export const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

const deflated = promisify(deflate);
const inflated = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate);

/** A payload that cannot be opened. Its message goes to operators; nothing of the payload is in it. */
export class PayloadNotOpened extends Error {
  override readonly name = 'PayloadNotOpened';
}

export interface PayloadCodecOptions {
  /** The first one encrypts, all of them decrypt; without any, payloads stay readable. */
  keys?: readonly PayloadKey[];
  /** Whether large payloads are compressed. */
  compresses?: boolean;
  /**
   * What becomes of a payload that cannot be opened: the call fails with {@link PayloadNotOpened}, or it gets
   * the payload as it came. A worker has to pass it on: a failure would block the workflow's task for as long
   * as it is in its history.
   */
  unopened: 'fail' | 'pass';
  /** What one payload may become when it is opened; larger ones are not compressed. */
  limitBytes?: number;
}

/**
 * Compresses payloads and encrypts them (AES-256-GCM, a nonce of its own for each) on their way to Temporal.
 *
 * Opens what any of its keys sealed, and what was compressed, whatever it does on the way out: a setting that
 * changes does not close what a history holds.
 */
export class MigrationPayloadCodec implements PayloadCodec {
  private readonly keys: ReadonlyMap<string, PayloadKey>;
  private readonly limitBytes: number;

  constructor(private readonly options: PayloadCodecOptions) {
    this.limitBytes = options.limitBytes ?? MAX_PAYLOAD_BYTES;
    this.keys = new Map((options.keys ?? []).map((key) => [key.id, key]));
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.close(payload)));
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.open(payload)));
  }

  private async close(payload: Payload): Promise<Payload> {
    const compressed = this.options.compresses ? await compress(payload, this.limitBytes) : payload;
    const [key] = this.options.keys ?? [];
    return key ? encrypt(compressed, key) : compressed;
  }

  private async open(payload: Payload): Promise<Payload> {
    try {
      const clear = this.unlocked(payload);
      return isCompressed(clear) ? await decompress(clear, this.limitBytes) : clear;
    } catch (error) {
      if (this.options.unopened === 'pass') return payload;
      throw error;
    }
  }

  /**
   * Returns the payload without its encryption, compressed as it may be. Fails if none of the keys opens it.
   */
  unlocked(payload: Payload): Payload {
    return encodingOf(payload) === ENCODING.encrypted ? this.decrypt(payload) : payload;
  }

  private decrypt({ metadata, data }: Payload): Payload {
    const id = Buffer.from(metadata?.[KEY_ID] ?? []).toString();
    const key = this.keys.get(id);
    if (!key) {
      const known = [...this.keys.keys()].join(', ') || 'none';
      throw new PayloadNotOpened(
        `a payload is encrypted with the key ${JSON.stringify(id.slice(0, 64))}, known here: ${known}`,
      );
    }
    const sealed = Buffer.from(data ?? []);
    try {
      const end = sealed.length - TAG_BYTES;
      const decipher = createDecipheriv(CIPHER, key.key, sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(id));
      decipher.setAuthTag(sealed.subarray(end));
      const clear = decipher.update(sealed.subarray(NONCE_BYTES, end));
      return parsed(Buffer.concat([clear, decipher.final()]));
    } catch (error) {
      throw new PayloadNotOpened(
        `a payload is not what was encrypted with the key ${id}: it was changed, or another key has this id`,
        { cause: error },
      );
    }
  }
}

function encrypt(payload: Payload, { id, key }: PayloadKey): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(id));
  const sealed = [nonce, cipher.update(serialized(payload)), cipher.final(), cipher.getAuthTag()];
  return {
    metadata: { encoding: Buffer.from(ENCODING.encrypted), [KEY_ID]: Buffer.from(id) },
    data: Buffer.concat(sealed),
  };
}

/** The payload itself if there is nothing to gain. */
async function compress(payload: Payload, limitBytes: number): Promise<Payload> {
  const bytes = serialized(payload);
  if (bytes.length < COMPRESSED_FROM_BYTES || bytes.length > limitBytes) return payload;
  const data = await deflated(bytes);
  if (data.length >= bytes.length) return payload;
  return compressedPayload(data);
}

async function decompress({ data }: Payload, limitBytes: number): Promise<Payload> {
  try {
    const bytes = await inflated(Buffer.from(data ?? []), { maxOutputLength: limitBytes });
    return parsed(bytes);
  } catch (error) {
    throw new PayloadNotOpened(`a payload is not compressed data of at most ${limitBytes} bytes`, {
      cause: error,
    });
  }
}

/** A payload whose serialised form was compressed to these bytes. */
export function compressedPayload(data: Uint8Array): Payload {
  return { metadata: { encoding: Buffer.from(ENCODING.compressed) }, data };
}

export function isCompressed(payload: Payload): boolean {
  return encodingOf(payload) === ENCODING.compressed;
}

function encodingOf({ metadata }: Payload): string {
  return Buffer.from(metadata?.['encoding'] ?? []).toString();
}

function serialized(payload: Payload): Uint8Array {
  return PayloadMessage.encode(payload).finish();
}

function parsed(bytes: Uint8Array): Payload {
  const { metadata, data } = PayloadMessage.decode(bytes);
  return { metadata, data };
}
