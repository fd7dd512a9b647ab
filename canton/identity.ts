import type { Abilities } from '../model/abilities.js';
import type { FailureType } from '../model/cures.js';
import { Channel } from './channel.js';
import type { Endpoint, MethodName } from './endpoint.js';
import { CantonError } from './errors.js';
import { PartyManagementService } from './gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import { PartyManagementService as Parties1 } from './gen/com/daml/ledger/api/v1/admin/party_management_service_pb.js';
import { ParticipantStatusService } from './gen/com/digitalasset/canton/admin/participant/v30/participant_status_service_pb.js';
import { ParticipantStatusService as Status210 } from './gen/com/digitalasset/canton/participant/admin/v0/participant_status_service_pb.js';
import { InitializationService } from './gen/com/digitalasset/canton/topology/admin/v0/initialization_service_pb.js';
import { IdentityInitializationService } from './gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';

const { getId } = IdentityInitializationService.method;
const { getParticipantId } = PartyManagementService.method;
const getId210 = InitializationService.method.getId;
/** What says who answers, or why nobody can be told apart yet: answered without a proof. */
const UNPROVEN = new Set<MethodName>([
  getId,
  getParticipantId,
  ParticipantStatusService.method.participantStatus,
  getId210,
  Parties1.method.getParticipantId,
  Status210.method.participantStatus,
]);
/** A connection that is lost more often than this while two calls are made carries nothing else either. */
const ATTEMPTS = 3;

type Generation = Abilities['generation'];

/** The uid that an API said, and the connection over which it said so. */
interface Said {
  uid: string;
  connection: symbol | undefined;
}

/**
 * Ensures that the two APIs that are configured for a participant belong to one node, and that it is the planned one.
 *
 * Nothing else would notice: users would be read from one node, contracts imported into the other, or a node
 * disconnected that has only the name of the one that was meant. So no call goes out before both APIs have named the
 * same uid. The proof holds for the two connections it was made on: a connection leads
 * to one process, and the uid of a node never changes. After a reconnect it is made again.
 */
export class Identity {
  private proven: { uid: string; admin: symbol; ledger: symbol } | undefined;
  private proving: Promise<void> | undefined;
  private generation: Generation | undefined;
  private readonly adminApi: Channel;
  private readonly ledgerApi: Channel;

  constructor(
    private readonly admin: Endpoint,
    private readonly ledger: Endpoint,
  ) {
    this.adminApi = new Channel(admin);
    this.ledgerApi = new Channel(ledger);
  }

  /**
   * Returns once both APIs are known to be of one node, the one of `plannedUid` if a plan names it.
   *
   * Fails with `ApisOfTwoParticipants` and `OtherParticipant`, and as the call that asks fails, so for a node that is
   * down as any other call.
   */
  async prove(method: MethodName, plannedUid?: string): Promise<void> {
    if (plannedUid === undefined && UNPROVEN.has(method)) return;
    for (let attempt = 0; !this.isProven(); attempt++) {
      if (attempt === ATTEMPTS) {
        const context = this.admin.contextOf(method);
        const cause = 'the connections to its APIs are lost as soon as they are established';
        throw new CantonError({ ...context, kind: 'transient', code: 'UNAVAILABLE', cause });
      }
      await this.proveOnce();
    }
    const { uid } = this.proven!;
    if (plannedUid !== undefined && uid !== plannedUid) throw this.other(uid, plannedUid);
  }

  /**
   * Which generation of Canton answers; found out with the proof. Fails as the call that asks
   * fails. Source: canton-2.10 1.
   */
  async readGeneration(): Promise<Generation> {
    if (!this.generation)
      await this.proveOnce().catch((error: unknown) => {
        // Whoever answered has said it, whatever is not proven of it.
        if (!this.generation) throw error;
      });
    return this.generation!;
  }

  get isGenerationKnown(): boolean {
    return this.generation !== undefined;
  }

  /** Whether the connections still stand over which both APIs named one uid. */
  isProven(): boolean {
    const { proven, admin, ledger } = this;
    return (
      proven !== undefined && admin.connection === proven.admin && ledger.connection === proven.ledger
    );
  }

  private proveOnce(): Promise<void> {
    return (this.proving ??= this.compare().finally(() => (this.proving = undefined)));
  }

  private async compare(): Promise<void> {
    this.proven = undefined;
    // Over another connection another node may answer.
    this.generation = undefined;
    // First the API that also a node without an identity serves: it says so.
    const admin = await this.askAdmin();
    const ledger = await this.askLedger();
    if (admin.uid !== ledger.uid) {
      const { address } = this.ledger.options;
      throw this.refused(
        'ApisOfTwoParticipants',
        `the Admin API at ${this.admin.options.address} is that of ${admin.uid}, the Ledger API at ${address} ` +
          `that of ${ledger.uid}, expected both of one participant`,
      );
    }
    if (admin.connection && ledger.connection)
      this.proven = { uid: admin.uid, admin: admin.connection, ledger: ledger.connection };
  }

  private other(uid: string, plannedUid: string): CantonError {
    const { participant, options } = this.admin;
    return this.refused(
      'OtherParticipant',
      `the node at ${options.address} is ${uid}, expected ${plannedUid}, which the plan calls ${participant}`,
    );
  }

  private refused(type: FailureType, cause: string): CantonError {
    const context = this.admin.contextOf(getId);
    return new CantonError({ ...context, kind: 'refused', code: 'OK', type, cause });
  }

  private async askAdmin(): Promise<Said> {
    try {
      return await this.askForId('3');
    } catch (error) {
      if (!isMissing(error) || !(await this.isOf210())) throw error;
      return this.askForId('2.10');
    }
  }

  // The connection is looked up in the same turn in which the answer arrived.
  private async askForId(generation: Generation): Promise<Said> {
    const { initialized, uniqueIdentifier: uid } =
      generation === '3'
        ? await this.adminApi.unary(getId, {})
        : await this.adminApi.unary(getId210, {});
    const { connection } = this.admin;
    this.generation = generation;
    if (!initialized)
      throw this.adminApi.refuse(getId, 'the node has no identity yet', 'NOT_INITIALIZED');
    return { uid, connection };
  }

  /** A call that only its participants answer; that others are missing is no sign. */
  private async isOf210(): Promise<boolean> {
    try {
      const { kind } = await this.adminApi.unary(Status210.method.participantStatus, {});
      return kind.case !== undefined;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  private async askLedger(): Promise<Said> {
    const { participantId: uid } =
      this.generation === '3'
        ? await this.ledgerApi.unary(getParticipantId, {})
        : await this.ledgerApi.unary(Parties1.method.getParticipantId, {});
    return { uid, connection: this.ledger.connection };
  }
}

/** Whether nobody answers a call there. */
export function isMissing(error: unknown): boolean {
  return error instanceof CantonError && error.code === 'UNIMPLEMENTED';
}
