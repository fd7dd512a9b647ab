import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { BlobStore, Chunks, Content } from './list-store.js';

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/** Keeps each blob in a file of its own, which is complete as soon as it is there. */
export class FolderStore implements BlobStore {
  constructor(private readonly folder: string) {}

  async put(name: string, { chunks }: Content): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: PRIVATE_FOLDER });
    const unfinished = join(this.folder, `${name}.${randomBytes(6).toString('hex')}.part`);
    try {
      await writeFile(unfinished, chunks, { mode: PRIVATE_FILE, flush: true });
      await rename(unfinished, join(this.folder, name));
      await this.flushNames();
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  /** Only then a file keeps its name through a power failure. */
  private async flushNames(): Promise<void> {
    const folder = await open(this.folder);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  async get(name: string): Promise<Chunks | undefined> {
    try {
      const file = await open(join(this.folder, name));
      return file.createReadStream();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
