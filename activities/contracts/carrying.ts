import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { CHANGES_INDEX, SOURCE_INDEX, TARGET_INDEX, type Side } from '../../acs/carried-digest.js';
import { ContractIndexWriter, findIndexed } from '../../acs/contract-index.js';
import { AcsDigester } from '../../acs/party-digest.js';
import { writing } from '../../acs/private-folder.js';
import { ContractReader } from '../../acs/scan.js';
import type { SpoolPlace } from '../../acs/spool.js';
import type { AcsDigest } from '../../model/acs.js';
import type { AcsChange } from '../../model/participant.js';

/** Why a digest cannot be carried on: both nodes have to be exported instead. */
export class NotCarried extends Error {}

/** One run along an update stream. */
export class Carrying {
  private readonly digester: AcsDigester;
  private readonly reader = new ContractReader();
  private ended: string[] = [];
  /** Contracts that changed since it was kept last. */
  waiting = 0;

  private constructor(
    private readonly place: SpoolPlace,
    { digest, parties }: { digest: AcsDigest; parties: string[] },
    private readonly index: { writer: ContractIndexWriter; close: () => Promise<void> } | undefined,
  ) {
    this.digester = new AcsDigester(parties, digest);
  }

  static async open(
    place: SpoolPlace,
    side: Side,
    from: { digest: AcsDigest; parties: string[]; indexBytes: number },
  ): Promise<Carrying> {
    // What the target gets the source had before.
    if (side === 'target') return new Carrying(place, from, undefined);
    const flags = constants.O_RDWR | constants.O_CREAT;
    const file = await writing(open(join(place.folder, CHANGES_INDEX), flags, 0o600));
    try {
      await writing(file.truncate(from.indexBytes));
    } catch (error) {
      await file.close();
      throw error;
    }
    const writer = new ContractIndexWriter(file, place.cipher, from.indexBytes);
    return new Carrying(place, from, { writer, close: () => file.close() });
  }

  /** Takes in what one transaction changed; returns how many contracts that were. */
  take({ created, archived }: AcsChange): number {
    for (const { record } of created) {
      const contract = this.reader.read(record);
      this.digester.add(contract);
      this.index?.writer.add(contract, this.digester.last);
    }
    for (const contractId of archived) this.ended.push(contractId);
    this.waiting += created.length + archived.length;
    return created.length + archived.length;
  }

  /** Whether there is enough to be written into the index. */
  get isFull(): boolean {
    return this.index?.writer.isFull ?? false;
  }

  async flush(): Promise<void> {
    if (this.index) await writing(this.index.writer.flush());
  }

  /** Takes off what ended. Fails with `NotCarried` if nobody knows what one of them added. */
  async settle(): Promise<{ digest: AcsDigest; indexBytes: number }> {
    await this.flush();
    const { folder, cipher } = this.place;
    const files = [SOURCE_INDEX, CHANGES_INDEX, TARGET_INDEX].map((name) => join(folder, name));
    const known = await findIndexed(files, cipher, this.ended);
    for (const contractId of this.ended) {
      const its = known.get(contractId);
      if (!its) throw new NotCarried(`contract ${contractId} ended, which is none that was copied`);
      this.digester.remove(contractId, its);
    }
    this.ended = [];
    this.waiting = 0;
    return { digest: this.digester.result(), indexBytes: this.index?.writer.position ?? 0 };
  }

  async close(): Promise<void> {
    await this.index?.close();
  }
}
