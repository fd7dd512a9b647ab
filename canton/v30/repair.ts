import type { ImportRequest, RepairChanges } from '../../model/participant-changes.js';
import type { ExportRequest, RepairReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import {
  ContractImportMode,
  ParticipantRepairService,
} from '../gen/com/digitalasset/canton/admin/participant/v30/participant_repair_service_pb.js';

/** Well below the 10 MiB a participant accepts, and as cheap as larger ones. */
const MESSAGE_BYTES = 1024 * 1024;

/** Moves active contracts out of and into a participant. Source: admin-api 1.10, 2.2 and 2.3. */
export class Repair implements RepairReads, RepairChanges {
  constructor(private readonly channel: Channel) {}

  /** Chunks of 2 MiB. They may form a whole gzip member even if the export fails: only the end proves it whole. */
  async *exportAcs(request: ExportRequest): AsyncGenerator<Uint8Array, void, undefined> {
    const method = ParticipantRepairService.method.exportAcs;
    if (request.parties.length === 0) throw this.channel.refuse(method, 'no parties to export');
    if (!request.synchronizerId) throw this.channel.refuse(method, 'no synchronizer to export from');

    const { synchronizerId, renameTo } = request;
    const message = {
      partyIds: request.parties === 'all' ? [] : request.parties,
      synchronizerId,
      ledgerOffset: BigInt(request.offset),
      excludedStakeholderIds: request.excludedStakeholders ?? [],
      ...(renameTo && {
        contractSynchronizerRenames: { [synchronizerId]: { targetSynchronizerId: renameTo } },
      }),
    };
    for await (const { chunk } of this.channel.serverStream(method, message, request)) yield chunk;
  }

  /**
   * Needs every synchronizer disconnected, and no other import. Repeating it skips what is there.
   *
   * An empty snapshot is refused: Canton would answer OK without checking anything.
   */
  async importAcs(request: ImportRequest): Promise<void> {
    const method = ParticipantRepairService.method.importAcs;
    const metadata = {
      workflowIdPrefix: request.workflowIdPrefix,
      contractImportMode: ContractImportMode[request.mode === 'accept' ? 'ACCEPT' : 'VALIDATION'],
      synchronizerId: request.synchronizerId,
    };
    const refuseEmpty = () => this.channel.refuse(method, 'an empty snapshot');
    // Canton 3.5 reads the metadata of the first message only, 3.4 wants the same on all. Source: admin-api 1.10.
    async function* messages() {
      let sentBytes = 0;
      for await (const acsSnapshot of inPieces(request.chunks, MESSAGE_BYTES)) {
        yield { ...metadata, acsSnapshot };
        // Asked for more: the transport took the last one.
        sentBytes += acsSnapshot.length;
        request.onSent?.(sentBytes);
      }
      if (sentBytes === 0) throw refuseEmpty();
    }
    await this.channel.clientStream(method, messages(), request);
  }

  /** A snapshot tells the same. */
  lookupContracts(): Promise<Map<string, string>> {
    throw new Error('a participant of Canton 3 has no such call');
  }

  /** Never to be called during an import (admin-api 2.3). */
  async purgeContracts(alias: string, contractIds: string[]): Promise<void> {
    const method = ParticipantRepairService.method.purgeContracts;
    await this.channel.unary(method, {
      synchronizerAlias: alias,
      contractIds,
      ignoreAlreadyPurged: true,
    });
  }
}

/**
 * Yields the same bytes in pieces of `pieceBytes` at most, none held back: what is fed slowly is to be taken
 * at once.
 */
async function* inPieces(
  chunks: AsyncIterable<Uint8Array>,
  pieceBytes: number,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += pieceBytes) yield chunk.subarray(at, at + pieceBytes);
}
