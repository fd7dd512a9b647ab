import type { ImportRequest, RepairChanges } from '../../model/participant-changes.js';
import type { ExportRequest, RepairReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import { InspectionService } from '../gen/com/digitalasset/canton/participant/admin/v0/inspection_service_pb.js';
import { ParticipantRepairService } from '../gen/com/digitalasset/canton/participant/admin/v0/participant_repair_service_pb.js';
import type { Ledger } from './ledger.js';
import type { RepairQueue } from './queue.js';

/** As the console sends it; a participant takes 10 MiB. */
const MESSAGE_BYTES = 2 * 1024 * 1024;
/** Others jam everything that the participant does with its domains until a restart. Source: canton-2.10 H, item 4. */
const PREFIX = /^[A-Za-z0-9-]+$/;
/** Contract ids in one request. Source: canton-2.10 2. */
const LOOKED_UP_AT_ONCE = 10_000;

/** Moves active contracts out of and into a participant. Source: canton-2.10 2. */
export class Repair implements RepairReads, RepairChanges {
  constructor(
    private readonly channel: Channel,
    private readonly ledger: Ledger,
    private readonly queue: RepairQueue,
  ) {}

  /** Of now, so that it is refused unless the ledger ends where it is to be, before and after it. */
  async *exportAcs(request: ExportRequest): AsyncGenerator<Uint8Array, void, undefined> {
    const method = ParticipantRepairService.method.exportAcs;
    const { synchronizerId, renameTo, protocolVersion } = request;
    if (request.parties.length === 0) throw this.channel.refuse(method, 'no parties to export');
    if (!synchronizerId) throw this.channel.refuse(method, 'no synchronizer to export from');
    if (request.excludedStakeholders?.length)
      throw new Error('a participant of Canton 2.10 exports what its parties see, whoever else does');
    if (renameTo && !protocolVersion)
      throw new Error('a record of Canton 2.10 says the protocol version of its domain: none was given');
    await this.assertAt(request.offset);
    const parties =
      request.parties === 'all' ? await this.ledger.listLocalParties() : [...request.parties];
    const message = {
      parties,
      filterDomainId: synchronizerId,
      ...(renameTo && {
        contractDomainRenames: {
          [synchronizerId]: { domainId: renameTo, protocolVersion: protocolVersion! },
        },
      }),
    };
    for await (const { chunk } of this.channel.serverStream(method, message, request)) yield chunk;
    await this.assertAt(request.offset);
  }

  /**
   * Needs the domain disconnected. Repeating it skips what is there. Every message names the same parties: without them
   * the participant loses the keys of the contracts, and with those itself. Source: canton-2.10 H, item 1.
   */
  async importAcs(request: ImportRequest): Promise<void> {
    const method = ParticipantRepairService.method.importAcs;
    const { workflowIdPrefix, onboardedParties } = request;
    if (!onboardedParties)
      throw new Error('an import without the parties that move loses the keys of their contracts');
    if (!PREFIX.test(workflowIdPrefix))
      throw new Error(`the prefix ${workflowIdPrefix} has more than letters, digits and hyphens`);
    const header = { workflowIdPrefix, onboardedParties };
    const refuseEmpty = () => this.channel.refuse(method, 'an empty snapshot');
    async function* messages() {
      let sentBytes = 0;
      for await (const chunk of request.chunks) {
        for (let at = 0; at < chunk.length; at += MESSAGE_BYTES) {
          const acsSnapshot = chunk.subarray(at, at + MESSAGE_BYTES);
          yield { ...header, acsSnapshot };
          sentBytes += acsSnapshot.length;
          request.onSent?.(sentBytes);
        }
      }
      if (sentBytes === 0) throw refuseEmpty();
    }
    await this.queue.run(() => this.channel.clientStream(method, messages(), request));
  }

  /** No ids are nothing to purge: a participant refuses them. Source: canton-2.10 2. */
  async purgeContracts(
    alias: string,
    contractIds: string[],
    offboardedParties: string[] = [],
  ): Promise<void> {
    if (contractIds.length === 0) return;
    const purge = { domain: alias, contractIds, ignoreAlreadyPurged: true, offboardedParties };
    const method = ParticipantRepairService.method.purgeContracts;
    await this.queue.run(() => this.channel.unary(method, purge));
  }

  async lookupContracts(contractIds: string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (let at = 0; at < contractIds.length; at += LOOKED_UP_AT_ONCE) {
      const contractId = contractIds.slice(at, at + LOOKED_UP_AT_ONCE);
      const method = InspectionService.method.lookupContractDomain;
      const { results } = await this.channel.unary(method, { contractId });
      for (const [id, alias] of Object.entries(results)) found.set(id, alias);
    }
    return found;
  }

  private async assertAt(offset: string): Promise<void> {
    const now = await this.ledger.readLedgerEnd();
    if (now === offset) return;
    throw this.channel.refuse(
      ParticipantRepairService.method.exportAcs,
      `an export of Canton 2.10 is of now, and its ledger end is ${now}, expected ${offset}`,
    );
  }
}
