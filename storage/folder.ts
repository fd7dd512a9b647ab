import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { UnusableList, type BlobStore, type Chunks, type Content } from './list-store.js';

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/** What an operator has to put right, and how; anything else may pass. */
const CURES: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on its disk',
  EDQUOT: 'raise the quota of its disk',
  EACCES: 'let this process read and write it',
  EPERM: 'let this process read and write it',
  EROFS: 'mount its disk writable',
  ENOTDIR: 'name a folder in lists',
};

/** Keeps each blob in a file of its own, which is complete as soon as it is there. */
export class FolderStore implements BlobStore {
  constructor(private readonly folder: string) {}

  async put(name: string, { chunks }: Content): Promise<void> {
    await asked('write', async () => {
      await mkdir(this.folder, { recursive: true, mode: PRIVATE_FOLDER });
      const unfinished = join(this.folder, `${name}.${randomBytes(6).toString('hex')}.part`);
      try {
        await writeFile(unfinished, chunks, { mode: PRIVATE_FILE, flush: true });
        await rename(unfinished, join(this.folder, name));
        await this.flushNames();
      } finally {
        await rm(unfinished, { force: true });
      }
    });
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
    const file = await asked('read', async () => {
      try {
        return await open(join(this.folder, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    });
    return file && readThrough(file.createReadStream());
  }
}

async function* readThrough(chunks: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  const reading = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const read = await asked('read', () => reading.next());
      if (read.done === true) return;
      yield read.value;
    }
  } finally {
    await reading.return?.();
  }
}

/** A disk that says no stops a step; what may pass is retried. The answer names no path. */
async function asked<T>(what: 'read' | 'write', ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { name, code = name } = error as NodeJS.ErrnoException;
    const cure = CURES[code];
    throw new UnusableList(
      'ListStoreUnavailable',
      `the folder of the list store cannot be ${what === 'read' ? 'read' : 'written'}: ${code}${cure === undefined ? '' : `; ${cure}`}`,
      { cause: error, kind: cure === undefined ? 'transient' : 'refused' },
    );
  }
}
