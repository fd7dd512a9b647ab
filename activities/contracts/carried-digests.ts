import { join } from 'node:path';
import { cancellationSignal, Context, log } from '@temporalio/activity';

import {
  readCarried,
  SOURCE_INDEX,
  TARGET_INDEX,
  writeCarried,
  type CarriedDigest,
  type Side,
} from '../../acs/carried-digest.js';
import { OptionalIndex, type ContractIndex } from '../../acs/contract-index.js';
import { digestExport } from '../../acs/digest-stream.js';
import { isOfDisk, writing } from '../../acs/private-folder.js';
import { createSpool, type SpoolPlace } from '../../acs/spool.js';
import type { AcsDigest } from '../../model/acs.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { Participants } from '../nodes/participants.js';
import { Carrying, NotCarried } from './carrying.js';
import { exportOf } from './export-source.js';
import {
  copyKeyOf,
  findManifest,
  maxContractsOf,
  placeOf,
  type ExportInput,
  type Spool,
} from './spooling.js';

/** Changed contracts after which it is kept how far the digest is: a crash repeats no more of them. */
const KEPT_EVERY = 10_000;

/** Comparing needs no disk: it takes longer the next time. */
function noteUnkept(error: unknown): undefined {
  if (!isOfDisk(error)) throw error;
  log.warn('a digest is not kept, the next comparison exports both nodes', { why: error.message });
}

/** How far a digest was carried: contracts that were created or archived. */
type OnProgress = (changed: number) => void;

/**
 * The digests of both nodes, carried along with their update streams: a created contract is added, one that was archived or
 * purged is taken off. So a comparison reads what changed since the last one, and no more.
 *
 * They begin with the export that was copied, and with one of the target. They lie beside the spool
 * of the copy: a worker that has no such spool cannot carry them, and compares exports of both nodes. Nor can it where a
 * stream leaves something out: history that was pruned, a contract that was reassigned, one that nobody knows, a node that was
 * restored. Source: decision 51.
 */
export class CarriedDigests {
  private readonly place: SpoolPlace;
  private readonly copy: string;

  /** @param input of the copy */
  constructor(
    private readonly participants: Participants,
    private readonly spool: Spool,
    private readonly input: ExportInput,
  ) {
    this.place = placeOf(spool, input);
    this.copy = copyKeyOf(input);
  }

  /** Returns the last update of the source that is copied. */
  async readLastCopied(): Promise<CarriedDigest['last']> {
    return this.findLast('source', this.input.offset);
  }

  /** Exports one side as of an offset, and begins there. Fails with `SpoolNotWritable` before it exports. */
  async begin(side: Side, offset: string, signal: AbortSignal): Promise<void> {
    const { participants, input } = this;
    const { target: targetSynchronizerId } = input.synchronizers;
    const maxContracts = maxContractsOf(input);
    const options = { parties: input.parties, targetSynchronizerId, maxContracts, signal };
    const index = await this.createIndex(side);
    await this.digestInto(index, { side, offset }, async () => {
      const exported = await exportOf(participants, { ...input, offset }, side, { signal, offset });
      return digestExport(exported, { ...options, index });
    });
  }

  /**
   * Digests an export of one side, and keeps it to be carried on from this offset: `read` makes the digest, with what it is to be
   * indexed by. Where the disk fails nothing is kept, and the digest is returned all the same.
   */
  async beginAt(
    side: Side,
    offset: string,
    read: (index?: ContractIndex) => Promise<AcsDigest>,
  ): Promise<AcsDigest> {
    const index = await this.createIndex(side).catch(noteUnkept);
    return index ? this.digestInto(index, { side, offset }, () => read(index)) : read();
  }

  private async createIndex(side: Side): Promise<OptionalIndex> {
    const { folder, cipher } = this.place;
    await createSpool(folder, Context.current().info.workflowExecution?.workflowId ?? '');
    return OptionalIndex.create(join(folder, side === 'source' ? SOURCE_INDEX : TARGET_INDEX), cipher);
  }

  private async digestInto(
    index: OptionalIndex,
    { side, offset }: { side: Side; offset: string },
    read: () => Promise<AcsDigest>,
  ): Promise<AcsDigest> {
    let last: CarriedDigest['last'];
    let digest: AcsDigest;
    try {
      last = await this.findLast(side, offset);
      digest = await read();
    } finally {
      await index.close();
    }
    const at = { copy: this.copy, offset, ...(last && { last }), digest, indexBytes: 0 };
    try {
      index.assertWhole();
      await this.keep(side, at);
    } catch (error) {
      noteUnkept(error);
    }
    return digest;
  }

  /**
   * Returns the digest of what a node has at an offset, or nothing if it cannot be carried there; the log says why.
   *
   * What the source created has to be carried first: the target's is taken off by it.
   */
  async carry(
    side: Side,
    toOffset: string,
    { signal, onProgress = () => undefined }: { signal: AbortSignal; onProgress?: OnProgress },
  ): Promise<AcsDigest | undefined> {
    try {
      const from = await this.read(side);
      if (BigInt(toOffset) < BigInt(from.offset))
        throw new NotCarried(`it is at offset ${from.offset} already`);
      await this.assertWhole(side, from, toOffset, signal);
      if (toOffset === from.offset) return from.digest;
      return await this.carryOn(side, from, { toOffset, signal, onProgress });
    } catch (error) {
      if (!(error instanceof NotCarried || isOfDisk(error)) || signal.aborted) throw error;
      const node = this.input[side].name;
      log.warn('both nodes are exported, a digest cannot be carried on', { node, why: error.message });
      return undefined;
    }
  }

  private async read(side: Side): Promise<CarriedDigest> {
    const carried = await readCarried(this.place, side, this.copy);
    if (carried) return carried;
    const found = side === 'source' ? await findManifest(this.spool, this.input) : undefined;
    if (!found) throw new NotCarried('this worker does not know what it was');
    const { total, packages, parties, buckets, last } = found.made;
    const at = { copy: this.copy, offset: this.input.offset, ...(last && { last }) };
    return { ...at, digest: { total, packages, parties, buckets }, indexBytes: 0 };
  }

  /** Whether the update stream shows everything that changed, and is the one that was read before. */
  private async assertWhole(
    side: Side,
    { offset, last }: CarriedDigest,
    toOffset: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { ledger } = this.nodeOf(side);
    const { parties } = this.input;
    const begin = last ? BigInt(last.offset) - 1n : BigInt(offset);
    if (BigInt(await ledger.readPrunedOffset()) > begin) throw new NotCarried('its history was pruned');
    const range = { parties, beginExclusive: offset, endInclusive: toOffset, signal };
    for await (const { contractId } of ledger.scanReassignments(range))
      throw new NotCarried(`contract ${contractId} was reassigned`);
    if (!last) return;
    for await (const found of this.changes(side, begin.toString(), last.offset, signal))
      if (found.offset === last.offset && found.updateId === last.updateId) return;
    throw new NotCarried(`it has another update at offset ${last.offset}: it was restored`);
  }

  private async carryOn(
    side: Side,
    from: CarriedDigest,
    { toOffset, signal, onProgress }: { toOffset: string; signal: AbortSignal; onProgress: OnProgress },
  ): Promise<AcsDigest> {
    const carrying = await Carrying.open(this.place, side, { ...from, parties: this.input.parties });
    try {
      let at = from;
      let changed = 0;
      const keep = async (offset: string, last = at.last) => {
        at = { ...(await carrying.settle()), copy: this.copy, offset, ...(last && { last }) };
        await this.keep(side, at);
      };
      let last = from.last;
      for await (const change of this.changes(side, from.offset, toOffset, signal)) {
        const { offset, updateId } = change;
        last = { offset, updateId };
        changed += carrying.take(change);
        onProgress(changed);
        if (carrying.isFull) await carrying.flush();
        if (carrying.waiting >= KEPT_EVERY) await keep(offset, last);
      }
      await keep(toOffset, last);
      return at.digest;
    } finally {
      await carrying.close();
    }
  }

  /**
   * By what a node is known as the one that had this offset: a restored one may come to the same offset again. Reads back from
   * there, a longer piece each time: one update of an import has thousands of contracts, and others may use the node more than
   * these parties do.
   */
  private async findLast(side: Side, offset: string): Promise<CarriedDigest['last']> {
    const begin = BigInt(await this.nodeOf(side).ledger.readPrunedOffset());
    let last: CarriedDigest['last'];
    const signal = cancellationSignal();
    let length = 1n;
    for (let end = BigInt(offset); end > begin && !last; length *= 2n) {
      const to = end.toString();
      end = end - length > begin ? end - length : begin;
      for await (const { offset: at, updateId } of this.changes(side, end.toString(), to, signal))
        last = { offset: at, updateId };
    }
    return last;
  }

  private changes(side: Side, beginExclusive: string, endInclusive: string, signal: AbortSignal) {
    const { parties, synchronizers, excludedStakeholders, keptStakeholders = [] } = this.input;
    return this.nodeOf(side).ledger.scanChanges({
      parties,
      synchronizerId: synchronizers[side],
      renameTo: synchronizers.target,
      excludedStakeholders: side === 'source' ? excludedStakeholders : keptStakeholders,
      beginExclusive,
      endInclusive,
      signal,
    });
  }

  private nodeOf(side: Side): ParticipantReads {
    return this.participants.read(this.input[side]);
  }

  private async keep(side: Side, carried: CarriedDigest): Promise<void> {
    await writing(writeCarried(this.place, side, carried));
  }
}
