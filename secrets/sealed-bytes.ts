import proto from '@temporalio/proto';

import { MigrationPayloadCodec } from './payload-codec.js';
import type { PayloadKey } from './payload-keys.js';

const { Payload } = proto.temporal.api.common.v1;

/** What is kept outside of Temporal, treated as payloads are: compressed, and encrypted if there are keys. */
export class SealedBytes {
  private readonly codec: MigrationPayloadCodec;

  /** `limitBytes`: the largest content, before and after it is opened. */
  constructor(
    keys: readonly PayloadKey[],
    readonly limitBytes: number,
  ) {
    this.codec = new MigrationPayloadCodec({ keys, compresses: true, unopened: 'fail', limitBytes });
  }

  async seal(data: Uint8Array): Promise<Uint8Array> {
    const [sealed] = await this.codec.encode([{ metadata: {}, data }]);
    return Payload.encode(sealed!).finish();
  }

  /** Fails with `PayloadNotOpened` if none of the keys opens it. */
  async open(sealed: Uint8Array): Promise<Uint8Array> {
    const { metadata, data } = Payload.decode(sealed);
    const [opened] = await this.codec.decode([{ metadata, data }]);
    return opened?.data ?? new Uint8Array();
  }
}
