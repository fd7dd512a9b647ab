import { buffer } from 'node:stream/consumers';

import type { SealedBytes } from '../secrets/sealed-bytes.js';
import { contentOf, UnusableList, type BlobStore, type Chunks, type Content } from './list-store.js';

/** Keeps blobs in another store, compressed, and encrypted with the keys of payloads if there are any. */
export class SealedStore implements BlobStore {
  constructor(
    private readonly inner: BlobStore,
    private readonly sealing: SealedBytes,
  ) {}

  async put(name: string, content: Content): Promise<void> {
    const { limitBytes } = this.sealing;
    if (content.byteLength > limitBytes) {
      throw new UnusableList(
        'ListTooLarge',
        `a list of ${content.byteLength} bytes: expected at most ${limitBytes} bytes in the list store`,
      );
    }
    await this.inner.put(name, contentOf(await this.sealing.seal(content)));
  }

  async get(name: string): Promise<Chunks | undefined> {
    const sealed = await this.inner.get(name);
    return sealed && this.opened(name, await buffer(sealed));
  }

  private async *opened(name: string, sealed: Uint8Array): Chunks {
    try {
      yield* this.sealing.open(sealed);
    } catch (error) {
      throw new UnusableList(
        'ListMissing',
        `the list ${name} in the list store cannot be opened: expected the payload keys that it was sealed with`,
        { cause: error },
      );
    }
  }
}
