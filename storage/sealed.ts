import type { SealedBytes } from '../secrets/sealed-bytes.js';
import { UnusableList, type BlobStore } from './list-store.js';

/** Keeps blobs in another store, compressed, and encrypted with the keys of payloads if there are any. */
export class SealedStore implements BlobStore {
  constructor(
    private readonly inner: BlobStore,
    private readonly sealing: SealedBytes,
  ) {}

  async put(name: string, bytes: Uint8Array): Promise<void> {
    const { limitBytes } = this.sealing;
    if (bytes.length > limitBytes) {
      throw new UnusableList(
        'ListTooLarge',
        `a list of ${bytes.length} bytes: expected at most ${limitBytes} bytes in the list store`,
      );
    }
    await this.inner.put(name, await this.sealing.seal(bytes));
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    const sealed = await this.inner.get(name);
    if (!sealed) return undefined;
    try {
      return await this.sealing.open(sealed);
    } catch (error) {
      throw new UnusableList(
        'ListMissing',
        `the list ${name} in the list store cannot be opened: expected the payload keys that it was sealed with`,
        { cause: error },
      );
    }
  }
}
