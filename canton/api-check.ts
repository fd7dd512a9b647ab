import type {
  DescMessage,
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
} from '@bufbuild/protobuf';
import { Channel } from './channel.js';
import { kindOf } from './calls.js';
import { Endpoint, type ChannelOptions } from './endpoint.js';
import { CantonError, type GrpcCode } from './errors.js';
import { PartyManagementService as Parties1 } from './gen/com/daml/ledger/api/v1/admin/party_management_service_pb.js';
import { TransactionService } from './gen/com/daml/ledger/api/v1/transaction_service_pb.js';
import { PartyManagementService as LedgerParties } from './gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import { StateService } from './gen/com/daml/ledger/api/v2/state_service_pb.js';
import { TransactionShape, UpdateService } from './gen/com/daml/ledger/api/v2/update_service_pb.js';
import { ParticipantStatusService as StatusService0 } from './gen/com/digitalasset/canton/participant/admin/v0/participant_status_service_pb.js';
import { IdentityInitializationService } from './gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';
import { isMissing } from './identity.js';
import { ADMIN_READS, ADMIN_READS_210, LEDGER_READS, LEDGER_READS_210 } from './api-reads.js';

export type Api = 'admin' | 'ledger';

/** A call that was tried, as `Service/Method`, and what came of it. */
export interface TriedCall {
  method: string;
  /** `denied`: for want of rights; `missing`: nobody answers it there; `unanswered`: no answer in time. */
  outcome: 'allowed' | 'denied' | 'missing' | 'unanswered';
}

/** Not on every release, or not on every network; clients go another way without them. */
const OPTIONAL = [
  'GetAccount',
  'ListAllV2',
  'ListAll',
  'ListLsuAnnouncement',
  'ListSynchronizerUpgradeAnnouncement',
];

const DENIED: readonly GrpcCode[] = ['PERMISSION_DENIED', 'UNAUTHENTICATED'];
const UNANSWERED: readonly GrpcCode[] = ['UNAVAILABLE', 'DEADLINE_EXCEEDED'];

/** Of the calls that an API gets at once. */
const AT_ONCE = 4;

/**
 * One API of a participant by itself, whatever the other one does: nothing is proven, and nothing but reads go out.
 *
 * For who checks a configuration; everything else goes through `connectParticipant`.
 */
export class ApiCheck {
  private readonly endpoint: Endpoint;
  private readonly channel: Channel;
  /** Known once it has answered a call that only a node of Canton 2.10 has. */
  private isOf210 = false;

  /** `limitMs` is that of each call. Fails at once if a certificate or key is not PEM. */
  constructor(
    participant: string,
    private readonly api: Api,
    options: ChannelOptions,
    private readonly limitMs: number,
  ) {
    this.endpoint = new Endpoint(participant, options);
    this.channel = new Channel(this.endpoint, async (method) => {
      if (kindOf(method) === 'change') throw new Error(`${method.name} changes ${participant}`);
    });
  }

  /** Makes the call that needs the least rights. */
  async reach(): Promise<void> {
    if (this.api === 'admin') await this.readUid();
    else
      await this.ofEither<unknown>(
        () => this.readLedgerEnd(),
        () => this.readLedgerEnd210(),
      );
  }

  /** The uid that this API says; nothing if the node has none yet. */
  async readUid(): Promise<string | undefined> {
    const limit = { deadlineMs: this.limitMs };
    if (this.api === 'ledger') {
      const { participantId } = await this.ofEither<{ participantId: string }>(
        () => this.channel.unary(LedgerParties.method.getParticipantId, {}, limit),
        () => this.channel.unary(Parties1.method.getParticipantId, {}, limit),
      );
      return participantId;
    }
    const { getId } = IdentityInitializationService.method;
    return this.ofEither(
      async () => {
        const { initialized, uniqueIdentifier } = await this.channel.unary(getId, {}, limit);
        return initialized ? uniqueIdentifier : undefined;
      },
      async () => {
        // That of its domains is asked for by the same name, and this is answered by participants alone.
        const { participantStatus } = StatusService0.method;
        const { kind } = await this.channel.unary(participantStatus, {}, limit);
        return kind.case === 'status' ? kind.value.commonStatus?.uid : undefined;
      },
    );
  }

  /** What a node of Canton 3 answers, or one of 2.10: that the first is missing is no sign alone. */
  private async ofEither<T>(of3: () => Promise<T>, of210: () => Promise<T>): Promise<T> {
    if (this.isOf210) return of210();
    try {
      return await of3();
    } catch (error) {
      if (!isMissing(error)) throw error;
      try {
        const found = await of210();
        this.isOf210 = true;
        return found;
      } catch (second) {
        if (isMissing(second)) throw error;
        this.isOf210 = second instanceof CantonError && DENIED.includes(second.code);
        throw second;
      }
    }
  }

  /**
   * Makes every call that clients of ours read by, with a request that asks for nothing, or for next to nothing: whether
   * the credential suffices is decided before the request is looked at. A refusal of the request is none of the
   * credential.
   */
  async tryReads(): Promise<TriedCall[]> {
    // Nothing else says of which generation it is.
    await this.reach().catch(() => undefined);
    const tries = this.api === 'admin' ? this.adminReads() : await this.ledgerReads();
    const tried: TriedCall[] = [];
    const queue = tries.values();
    const lane = async () => {
      for (const { method, make } of queue)
        tried.push({
          method: `${method.parent.name}/${method.name}`,
          outcome: await outcomeOf(method, make),
        });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    return tried.sort((one, other) => (one.method < other.method ? -1 : 1));
  }

  close(): void {
    this.endpoint.close();
  }

  private async readLedgerEnd(): Promise<bigint> {
    const limit = { deadlineMs: this.limitMs };
    return (await this.channel.unary(StateService.method.getLedgerEnd, {}, limit)).offset;
  }

  private async readLedgerEnd210(): Promise<void> {
    await this.channel.unary(TransactionService.method.getLedgerEnd, {}, { deadlineMs: this.limitMs });
  }

  private adminReads(): Try[] {
    return (this.isOf210 ? ADMIN_READS_210 : ADMIN_READS).map((method) => this.empty(method));
  }

  private async ledgerReads(): Promise<Try[]> {
    if (this.isOf210) return LEDGER_READS_210.map((method) => this.empty(method));
    const end = await this.readLedgerEnd().catch(() => 0n);
    const everything = { filtersForAnyParty: { cumulative: [WILDCARD] } };
    const updates = {
      beginExclusive: end,
      endInclusive: end,
      updateFormat: {
        includeTransactions: { eventFormat: everything, transactionShape: TransactionShape.ACS_DELTA },
      },
    };
    const { getActiveContracts } = StateService.method;
    const { getUpdates } = UpdateService.method;
    const contracts = { activeAtOffset: end, eventFormat: everything };
    return [
      ...LEDGER_READS.map((method) => this.empty(method)),
      this.stream(getActiveContracts, (signal) =>
        this.channel.serverStream(getActiveContracts, contracts, { signal }),
      ),
      this.stream(getUpdates, (signal) => this.channel.serverStream(getUpdates, updates, { signal })),
    ];
  }

  private empty(method: DescMethod): Try {
    if (method.methodKind === 'unary') {
      const unary = method as DescMethodUnary<DescMessage, DescMessage>;
      return { method, make: () => this.channel.unary(unary, {}, { deadlineMs: this.limitMs }) };
    }
    if (method.methodKind !== 'server_streaming')
      throw new Error(`${method.name} cannot be tried without a message`);
    const streaming = method as DescMethodServerStreaming<DescMessage, DescMessage>;
    return this.stream(method, (signal) => this.channel.serverStream(streaming, {}, { signal }));
  }

  /** The first answer is enough. */
  private stream(method: DescMethod, open: (signal: AbortSignal) => AsyncIterable<unknown>): Try {
    const make = async () => {
      const signal = AbortSignal.timeout(this.limitMs);
      for await (const answer of open(signal)) return answer;
      return undefined;
    };
    return { method, make };
  }
}

interface Try {
  method: DescMethod;
  make: () => Promise<unknown>;
}

async function outcomeOf(
  { name }: DescMethod,
  make: () => Promise<unknown>,
): Promise<TriedCall['outcome']> {
  try {
    await make();
    return 'allowed';
  } catch (error) {
    if (!(error instanceof CantonError)) return 'unanswered';
    if (DENIED.includes(error.code)) return 'denied';
    if (error.code === 'UNIMPLEMENTED') return OPTIONAL.includes(name) ? 'allowed' : 'missing';
    return UNANSWERED.includes(error.code) ? 'unanswered' : 'allowed';
  }
}

const WILDCARD = {
  identifierFilter: {
    case: 'wildcardFilter' as const,
    value: { includeCreatedEventBlob: false },
  },
};
