import { refused } from '../../model/failure.js';
import type { Channel } from '../channel.js';
import { CantonError } from '../errors.js';
import { ParticipantRepairService } from '../gen/com/digitalasset/canton/participant/admin/v0/participant_repair_service_pb.js';
import { causeOf } from '../refusals.js';

/** The gzip of nothing: importing it changes no contract. */
const EMPTY_SNAPSHOT = Buffer.from('1f8b08000000000000ff03000000000000000000', 'hex');

/**
 * What a participant does one after the other with its domains: imports, purges and connects. One exception jams it, and
 * the same old text comes back for every other call until a restart. Source: canton-2.10 H, item 4.
 */
export class RepairQueue {
  constructor(private readonly channel: Channel) {}

  /** Makes such a call. Fails with `NodeJammed` where another call gets the very same exception. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const cause = exceptionOf(error);
      if (cause === undefined || (await this.failureOfNothing()) !== cause) throw error;
      throw refused(
        'NodeJammed',
        `${this.channel.participant} answers every import, purge and connect with one old exception: ${cause}`,
      );
    }
  }

  /** The exception that an import of nothing gets, which by itself cannot fail. */
  private async failureOfNothing(): Promise<string | undefined> {
    const message = { acsSnapshot: EMPTY_SNAPSHOT, workflowIdPrefix: 'mig-probe' };
    const method = ParticipantRepairService.method.importAcs;
    try {
      await this.channel.clientStream(method, once(message), {});
      return undefined;
    } catch (error) {
      return exceptionOf(error);
    }
  }
}

/** What an exception says: it has no error id, unlike a refusal. */
function exceptionOf(error: unknown): string | undefined {
  const isException =
    error instanceof CantonError &&
    error.errorId === undefined &&
    (error.code === 'UNKNOWN' || error.code === 'INTERNAL');
  return isException ? causeOf(error) : undefined;
}

async function* once<T>(message: T): AsyncGenerator<T> {
  yield message;
}
