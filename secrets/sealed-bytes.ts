import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { constants, createDeflate, createInflate } from 'node:zlib';

import proto from '@temporalio/proto';

import {
  compressedPayload,
  isCompressed,
  MigrationPayloadCodec,
  PayloadNotOpened,
} from './payload-codec.js';
import type { PayloadKey } from './payload-keys.js';

const { Payload } = proto.temporal.api.common.v1;

/** The field `data` of a payload, length-delimited. */
const DATA_TAG = 0x12;
/** Of a tag and a length of up to 2^35 bytes. */
const FRAME_BYTES = 6;

/**
 * What is kept outside of Temporal, treated as payloads are: compressed, and encrypted if there are keys.
 * Only the compressed bytes are in memory as a whole.
 */
export class SealedBytes {
  private readonly codec: MigrationPayloadCodec;

  /** `limitBytes`: the largest content, before and after it is opened. */
  constructor(
    keys: readonly PayloadKey[],
    readonly limitBytes: number,
  ) {
    this.codec = new MigrationPayloadCodec({ keys, unopened: 'fail', limitBytes });
  }

  async seal(content: { byteLength: number; chunks: AsyncIterable<Uint8Array> }): Promise<Uint8Array> {
    // Lists of ids and keys become hardly smaller with more effort.
    const deflating = createDeflate({ level: constants.Z_BEST_SPEED });
    const framed = Readable.from(withFrame(content), { objectMode: false });
    framed.once('error', (error) => deflating.destroy(error));
    const data = await buffer(framed.pipe(deflating));
    const [sealed] = await this.codec.encode([compressedPayload(data)]);
    return Payload.encode(sealed!).finish();
  }

  /** Fails with `PayloadNotOpened` if none of the keys opens it, or if it is more than the limit. */
  async *open(sealed: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    const { metadata, data } = Payload.decode(sealed);
    const clear = this.codec.unlocked({ metadata, data });
    if (!isCompressed(clear)) return yield clear.data ?? new Uint8Array();
    const inflating = createInflate();
    inflating.end(clear.data);
    yield* withoutFrame(this.limited(inflating));
  }

  private async *limited(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let length = 0;
    try {
      for await (const chunk of chunks) {
        length += chunk.length;
        if (length > this.limitBytes + FRAME_BYTES) break;
        yield chunk;
      }
    } catch (error) {
      throw new PayloadNotOpened('a list is not compressed data', { cause: error });
    }
    if (length > this.limitBytes + FRAME_BYTES)
      throw new PayloadNotOpened(`a list has more than ${this.limitBytes} bytes`);
  }
}

/** A payload that has nothing but its data, as it is serialised. */
async function* withFrame(content: { byteLength: number; chunks: AsyncIterable<Uint8Array> }) {
  const frame = [DATA_TAG];
  let length = content.byteLength;
  for (; length >= 0x80; length = Math.floor(length / 0x80)) frame.push((length % 0x80) | 0x80);
  yield Buffer.from([...frame, length]);
  yield* content.chunks;
}

async function* withoutFrame(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of chunks) {
    if (!start) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    const end = start.findIndex((byte, at) => at > 0 && byte < 0x80);
    if (start.length > 0 && (start[0] !== DATA_TAG || (end === -1 && start.length >= FRAME_BYTES)))
      throw new PayloadNotOpened('a list is not the data of a payload');
    if (end === -1) continue;
    yield start.subarray(end + 1);
    start = undefined;
  }
}
