import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { deserializationFailure, PlainFailure, shortenIds } from '../errors.js';
import { clientStream, type CallInfo } from '../grpc.js';
import type { Damage } from '../ledger/damage.js';
import type { Ledger } from '../ledger/ledger.js';
import type { TopologyPort } from '../node.js';
import type { PackageStore } from '../package-store.js';
import { records, type SnapshotRecord } from './framing.js';
import { BrokenGzip, gunzipFirstMember, NotGzip } from './gzip.js';
import { BATCH_SIZE, ImportBatches } from './import-batch.js';
import { readImportRequest, type ImportMessage, type ImportRequest } from './import-request.js';
import { Busy, type RepairMode } from './mode.js';
import { importRefusal, STILL_CONNECTED } from './refusals.js';

/** What repairs take in time. In proportion to real ones. Source: admin-api 2.8. */
export interface RepairCost {
  readonly importCallMs: number;
  /** In mode VALIDATION. */
  readonly importContractMicros: number;
  readonly acceptContractMicros: number;
  readonly exportContractMicros: number;
}

/** What an import of one participant works with. */
export interface ImportParts {
  readonly ledger: Ledger;
  readonly packages: PackageStore;
  readonly damage: Damage;
  readonly topology: TopologyPort;
  readonly mode: RepairMode;
  readonly cost: RepairCost;
  /** How long the node stays in repair mode after an upload was cancelled in the middle, in milliseconds. */
  readonly cancelledRepairMs: number;
  readonly allowsReassigned: boolean;
  /** Record time of repair transactions on a synchronizer, in microseconds. */
  readonly repairTime: (logicalId: string) => number;
}

/** Returns the handler of `ImportAcs` as 3.5 does it. Source: admin-api 2.3. */
export function importAcs(parts: ImportParts) {
  return clientStream(async (requests: AsyncIterable<ImportMessage>, call) => {
    const messages = requests[Symbol.asyncIterator]();
    const first = await messages.next();
    if (first.done) return {};

    const request = readImportRequest(first.value);
    if (parts.topology.connected().length > 0) throw importRefusal(STILL_CONNECTED);
    await importUpload(parts, { request, first: first.value, messages, call });
    return {};
  });
}

/** The messages of an import call, the first of which has been read. */
interface ImportCall {
  readonly request: ImportRequest;
  readonly first: Piece;
  readonly messages: AsyncIterator<Piece, unknown>;
  readonly call: CallInfo;
}

/** What every message of an import call carries. */
type Piece = Pick<ImportMessage, 'acs_snapshot'>;

/** Imports what a call uploads, in repair mode. */
export async function importUpload(parts: ImportParts, call: ImportCall): Promise<void> {
  const leave = parts.mode.enter();
  const upload = new Upload(call.first, call.messages);
  try {
    checkSynchronizer(parts.topology, call.request);
    await importSnapshot(parts, call, upload);
  } catch (error) {
    parts.ledger.discard();
    if (upload.wasCancelled || (await isGivenUp(call.call))) {
      // The real node notices late that no more bytes come, and its next repair is refused meanwhile.
      void wait(parts.cancelledRepairMs, undefined, { ref: false }).then(leave);
      throw error;
    }
    leave();
    throw error;
  }
  leave();
}

/** Whether the client has cancelled; the stream of its messages may end a moment before that shows. */
async function isGivenUp({ signal }: CallInfo): Promise<boolean> {
  await turn();
  return signal.aborted;
}

async function importSnapshot(
  parts: ImportParts,
  { request, call }: ImportCall,
  upload: Upload,
): Promise<void> {
  const { ledger, cost } = parts;
  const recordTimeMicros = parts.repairTime(request.synchronizerId);
  const batches = new ImportBatches({ ...parts, request, recordTimeMicros });
  const { acceptContractMicros, importContractMicros } = cost;
  const contractMicros = request.mode === 'ACCEPT' ? acceptContractMicros : importContractMicros;
  const busy = new Busy();
  await busy.micros(cost.importCallMs * 1000);
  for await (const batch of inBatches(upload.bytes(), call)) {
    const { added, skipped } = batches.take(batch);
    await busy.micros(contractMicros * (added + skipped / 2));
  }
  await upload.drain();
  ledger.commit(batches.entries, { extraOffsets: 1 });
}

/** Bytes of an upload that wait for the import at most, so that memory does not grow with the snapshot. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/**
 * The messages of an upload as one run of bytes.
 *
 * Takes them off the wire as they arrive, however slow the import is: what has arrived counts, even if the client
 * has gone away since (admin-api 2.3).
 */
class Upload {
  /** Whether the client went away before it had sent everything. */
  wasCancelled = false;
  private readonly waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private hasEnded = false;
  private failure: { readonly error: unknown } | undefined;
  private wake: () => void = () => undefined;
  private readonly pumping: Promise<void>;

  constructor(first: Piece, messages: AsyncIterator<Piece, unknown>) {
    this.push(bytesOf(first));
    this.pumping = this.pump(messages);
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = this.waiting.shift();
      if (piece) {
        this.waitingBytes -= piece.length;
        this.wake();
        yield piece;
      } else if (this.failure) {
        this.wasCancelled = true;
        throw this.failure.error;
      } else if (this.hasEnded) {
        return;
      } else {
        await this.change();
      }
    }
  }

  /** Waits for the end of the upload; once the snapshot is complete, a client that goes away changes nothing. */
  async drain(): Promise<void> {
    while (!this.hasEnded) {
      this.waiting.length = 0;
      this.waitingBytes = 0;
      this.wake();
      await this.change();
    }
    await this.pumping;
  }

  private async pump(messages: AsyncIterator<Piece, unknown>): Promise<void> {
    try {
      for (;;) {
        const message = await messages.next();
        if (message.done === true) break;
        this.push(bytesOf(message.value));
        while (this.waitingBytes > MAX_WAITING_BYTES) await this.change();
      }
    } catch (error) {
      this.failure = { error };
    }
    this.hasEnded = true;
    this.wake();
  }

  private push(piece: Uint8Array): void {
    this.waiting.push(piece);
    this.waitingBytes += piece.length;
    this.wake();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      const earlier = this.wake;
      this.wake = () => {
        earlier();
        resolve();
      };
    });
  }
}

function bytesOf(message: Piece): Uint8Array {
  return message.acs_snapshot ?? Buffer.alloc(0);
}

async function* inBatches(
  bytes: AsyncIterable<Uint8Array>,
  { noteContract }: CallInfo,
): AsyncGenerator<SnapshotRecord[]> {
  let batch: SnapshotRecord[] = [];
  try {
    for await (const record of records(gunzipFirstMember(bytes))) {
      noteContract();
      batch.push(record);
      if (batch.length < BATCH_SIZE) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    // Text of the exception, UNKNOWN, no details: golden/repair.jsonl 43 and 45.
    if (error instanceof NotGzip) throw new PlainFailure(error.message);
    if (error instanceof BrokenGzip) throw deserializationFailure(`OtherError(${error.message})`);
    throw error;
  }
  if (batch.length > 0) yield batch;
}

function checkSynchronizer(topology: TopologyPort, { synchronizerId }: ImportRequest): void {
  const found = topology.registered().find((one) => one.logicalId === synchronizerId);
  if (found && topology.hasJoined(synchronizerId)) return;
  throw importRefusal(shortenIds(`Unable to resolve ${synchronizerId} to a physical synchronizer id`));
}
