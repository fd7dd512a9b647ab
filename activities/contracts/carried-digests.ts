import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { cancellationSignal, Context, log } from '@temporalio/activity';

import {
  CHANGES_INDEX,
  readCarried,
  SOURCE_INDEX,
  TARGET_INDEX,
  writeCarried,
  type CarriedDigest,
  type Side,
} from '../../acs/carried-digest.js';
import {
  ContractIndexWriter,
  findIndexed,
  OptionalIndex,
  type ContractIndex,
} from '../../acs/contract-index.js';
import { digestExport } from '../../acs/digest-stream.js';
import { isOfDisk, writing } from '../../acs/private-folder.js';
import { AcsDigester } from '../../acs/party-digest.js';
import { ContractReader } from '../../acs/scan.js';
import { createSpool, type SpoolPlace } from '../../acs/spool.js';
import type { AcsDigest, CopyCheckpoint } from '../../model/acs.js';
import type { AcsChange } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { Participants } from '../nodes/participants.js';
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

/** Why a digest cannot be carried on: both nodes have to be exported instead. */
class NotCarried extends Error {}

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

/** One run along an update stream. */
class Carrying {
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

/** Of what is copied, so much is imported while what is there before is exported: an import takes that much longer. */
const LATE = 0.15;

/**
 * Reads what the target was given before a copy is over, so that little is left to be read then: all of it by one export when
 * the last calls are made, and from there on what the update stream shows.
 */
export class TargetFollower {
  private wanted: string | undefined;
  private before = 0;
  private isBegun = false;
  private following: Promise<void> | undefined;
  private readonly over = new AbortController();

  constructor(
    private readonly digests: CarriedDigests,
    private readonly signal: AbortSignal,
  ) {}

  /** So much is on the target now, of about `of` contracts. */
  follow({ targetLedgerEnd, contractCount }: CopyCheckpoint, of: number): void {
    const left = of - contractCount;
    const next = contractCount - this.before;
    this.before = contractCount;
    if (!this.isBegun && (left <= 0 || left > next + LATE * of)) return;
    this.wanted = targetLedgerEnd;
    this.following ??= this.run().finally(() => (this.following = undefined));
  }

  /** Returns once nothing is read any more; what is left is read by who compares. */
  async end(): Promise<void> {
    this.over.abort(new Error('the copy has ended'));
    await this.following;
  }

  private async run(): Promise<void> {
    const signal = AbortSignal.any([this.signal, this.over.signal]);
    try {
      while (this.wanted !== undefined && !signal.aborted) {
        const to = this.wanted;
        this.wanted = undefined;
        // Once begun it is worth its end: whoever compares would have to begin again.
        if (this.isBegun) await this.digests.carry('target', to, { signal });
        else await this.digests.begin('target', to, this.signal);
        this.isBegun = true;
      }
    } catch (error) {
      if (!signal.aborted)
        log.warn('what the target was given is read when both are compared', { error });
    }
  }
}
