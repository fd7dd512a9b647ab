import { status } from '@grpc/grpc-js';
import { at, micros, timestamp } from './clock.js';
import { CATEGORIES, CantonRefusal, shortenIds } from './errors.js';
import { unary, type CallInfo, type Services } from './grpc.js';
import { findActivation } from './ledger/activations.js';
import type { LedgerEntry } from './ledger/entry.js';
import type { Ledger } from './ledger/ledger.js';
import type { JournalRecords } from './journal-records.js';
import type { Journal } from './node.js';
import { hostsAt } from './topology/hosting.js';
import type { Membership, NodeTopology } from './topology/node-topology.js';
import type { HostingParticipant } from './topology/mapping.js';
import { ADD, type TopologyTransaction } from './topology/transaction.js';
import type { Decoded, Encodable } from './wire.js';

type Admin = 'com.digitalasset.canton.admin.participant.v30';
type OffsetAt = Decoded<`${Admin}.GetHighestOffsetByTimestampRequest`>;
type ClearFlag = Decoded<`${Admin}.ClearPartyOnboardingFlagRequest`>;
type Clearing = Encodable<`${Admin}.ClearPartyOnboardingFlagResponse`>;

/** What the arrival of parties on a node is made of. */
export interface OnboardingParts {
  readonly uid: string;
  readonly topology: NodeTopology;
  readonly journal: Journal;
  readonly ledger: () => Ledger;
  /** From the activation of a party to the time its flag may be cleared. */
  readonly onboardingMs: number;
}

interface Clearance {
  readonly cancel: () => void;
}

const RETRY_MICROS = 500_000n;
const MAX_RETRIES = 3;
/** From here on a flag may be cleared without being asked for. Source: networks A, item A2. */
const CLEARS_BY_ITSELF = 35;

/**
 * PartyManagementService of the Admin API, as far as a party's arrival beside other hosts needs it.
 *
 * A flag is cleared by a task that ends with the connection. With protocol version 35 an `ImportPartyAcs` begins one at each
 * connect until the flag is cleared. Source: admin-api 1.11; live-route 5; networks A, item A2.
 */
export class Onboarding {
  /** By synchronizer and party. */
  private readonly clearances = new Map<string, Clearance>();
  /** What is cleared without being asked for, as `clearances`. It outlives the process. */
  private readonly wanted = new Map<string, { logicalId: string; party: string }>();

  constructor(private readonly parts: OnboardingParts) {
    for (const record of parts.journal.replay('clearance')) this.want(record);
  }

  /** Returns the handlers. */
  services(): Services {
    return {
      'com.digitalasset.canton.admin.participant.v30.PartyManagementService': {
        GetHighestOffsetByTimestamp: unary((request) => this.offsetAt(request)),
        ClearPartyOnboardingFlag: unary((request, call) => this.clearFlag(request, call)),
      },
    };
  }

  /** Ends the tasks; for a node that goes down. */
  close(): void {
    for (const { cancel } of this.clearances.values()) cancel();
    this.clearances.clear();
  }

  /** Whether a mapping of the party names this node with the flag, proposed or in effect. */
  isOnboarding(logicalId: string, party: string): boolean {
    const history = this.parts.topology.find(logicalId)?.replica.store.history(`ptp/${party}`) ?? [];
    return history.some(
      (entry) => entry.validUntil === undefined && this.ownHost(entry.transaction)?.onboarding,
    );
  }

  /** Clears the flag of the party once it is safe, at this connection or a later one. */
  clearWhenSafe(logicalId: string, party: string): void {
    const synchronizer = this.parts.topology.find(logicalId)?.replica.synchronizer;
    if (!synchronizer || synchronizer.protocolVersion < CLEARS_BY_ITSELF) return;
    const record = { logicalId, party, isWanted: true };
    this.parts.journal.append('clearance', record);
    this.want(record);
  }

  /** Begins the tasks that a new connection has to carry out, and forgets those that are done. */
  resume(membership: Membership): void {
    const { synchronizer } = membership.replica;
    for (const { logicalId, party } of this.wanted.values()) {
      if (logicalId !== synchronizer.info.logicalId) continue;
      // Only what is read back is done: a proposal may have been lost with the process.
      if (!this.isOnboarding(logicalId, party)) this.forget(logicalId, party);
      const flaggedAt = this.flaggedSince(membership, party);
      if (flaggedAt !== undefined) this.schedule(membership, party, flaggedAt + this.safeMicros);
    }
  }

  /** Without `force`, the time has to be that of an event. */
  private offsetAt(request: OffsetAt) {
    const { replica } = this.membership(request);
    const { synchronizer } = replica;
    const { logicalId } = synchronizer.info;
    const isForced = request.force === true;
    const time = Number(micros(request.timestamp ?? {}));
    const clean = synchronizer.exchange.peers.get(this.parts.uid)?.cleanTime ?? 0;
    const refuse = (reason: string) => {
      const what = `No ledger offset found for the requested timestamp ${time} on synchronizer`;
      const cause = `${what} ${shortenIds(logicalId)} (using force flag = ${isForced}): ${reason}`;
      return partyRefusal('INVALID_TIMESTAMP', 12, cause);
    };
    const found = this.lastEntry(logicalId, time);
    if (!found) throw refuse('The participant does not yet have a ledger offset before or at it');
    if (!isForced && time > clean) throw refuse('Not all events have been processed fully until it');
    if (!isForced && found.recordTimeMicros !== time) {
      const cause = `Timestamp mismatch: requested=${time} != recordTime=${found.recordTimeMicros}`;
      throw partyRefusal('INVALID_STATE', 9, cause);
    }
    const offset = isForced && time >= clean ? this.parts.ledger().end : found.offset;
    return { ledger_offset: String(offset) };
  }

  private async clearFlag(request: ClearFlag, call: CallInfo): Promise<Clearing> {
    const membership = this.membership(request);
    const ledger = this.parts.ledger();
    const begin = Number(request.begin_offset_exclusive ?? 0);
    if (begin <= 0) {
      const cause = `Invariant violation in field \`begin_offset_exclusive\`: Expecting positive value for offset, found ${begin}.`;
      throw partyRefusal('INVALID_ARGUMENT', 8, cause);
    }
    if (begin > ledger.end) {
      const cause = `Begin ledger offset ${begin} needs to be smaller or equal to the ledger end ${ledger.end}`;
      throw partyRefusal('INVALID_ARGUMENT', 8, cause);
    }
    if (!membership.replica.isConnected) {
      const { logicalId } = membership.replica.synchronizer.info;
      const cause = `A connection to synchronizer ${shortenIds(logicalId)} is required to perform this operation.`;
      throw partyRefusal('INVALID_STATE', 9, cause);
    }
    const party = request.party_id ?? '';
    const search = {
      party,
      uid: this.parts.uid,
      logicalId: membership.replica.synchronizer.info.logicalId,
      beginExclusive: begin,
      timeout: request.wait_for_activation_timeout,
    };
    const activation = await findActivation(ledger, search, call);
    const activatedAt = BigInt(activation.recordTimeMicros);
    if (!this.host(membership, party, activatedAt)?.onboarding) throw missingFlag(party, this.parts.uid);
    await this.parts.topology.turn();
    return this.requestClearance(membership, party, activatedAt);
  }

  /** Past the safe time it proposes at once, each time it is asked. Before, a task will. */
  private requestClearance(membership: Membership, party: string, activatedAt: bigint): Clearing {
    const host = this.host(membership, party, now());
    if (!host) {
      const cause = `Party ${shortenIds(party)} is not hosted by target participant PAR::${shortenIds(this.parts.uid)}`;
      throw partyRefusal('INVALID_STATE', 9, cause);
    }
    if (!host.onboarding) return { onboarded: true };
    const safeTime = activatedAt + this.safeMicros;
    if (now() > safeTime) {
      try {
        this.propose(membership, party);
      } catch (error) {
        throw error instanceof CantonRefusal ? wrapped(error) : error;
      }
    } else this.schedule(membership, party, safeTime);
    return { onboarded: false, earliest_retry_timestamp: timestamp(safeTime) };
  }

  /** One task per party. What it is refused it tries again, but not for ever; then somebody has to ask again. */
  private schedule(membership: Membership, party: string, safeTime: bigint): void {
    const key = `${membership.replica.synchronizer.info.logicalId}/${party}`;
    if (this.clearances.has(key)) return;
    const attempt = (when: bigint, retriesLeft: number) => {
      const cancel = at(when, () => {
        const isDone = this.clear(membership, party);
        if (isDone || retriesLeft === 0) this.clearances.delete(key);
        else attempt(now() + RETRY_MICROS, retriesLeft - 1);
      });
      this.clearances.set(key, { cancel });
    };
    attempt(safeTime + 1n, MAX_RETRIES);
  }

  /** Whether there is nothing left to try: the clearance is on its way, or nobody waits for it any more. */
  private clear(membership: Membership, party: string): boolean {
    // A task is of one connection.
    if (!membership.replica.isConnected) return true;
    try {
      if (this.host(membership, party, now())?.onboarding) this.propose(membership, party);
    } catch (error) {
      if (!(error instanceof CantonRefusal)) throw error;
      return false;
    }
    return true;
  }

  /** Proposes the mapping without the flag. Until it is ordered, nothing tells the node that it has done so already. */
  private propose({ manager, replica }: Membership, party: string): void {
    const mapping = replica.store.latest(`ptp/${party}`)?.transaction.mapping;
    if (mapping?.code !== 'ptp') return;
    const participants = mapping.value.participants.map((host) => {
      const { onboarding, ...cleared } = host;
      const isMine = host.participant_uid === this.parts.uid;
      return isMine ? cleared : { ...cleared, ...(onboarding && { onboarding }) };
    });
    const value = { ...mapping.value, participants };
    const options = { signedBy: [], mustFullyAuthorize: true, forces: new Set<string>() };
    manager.propose({ operation: ADD, serial: 0, mapping: { code: 'ptp', value }, ...options });
  }

  /** When the mapping that carries the flag took effect: the first of several, if others changed it since. */
  private flaggedSince({ replica }: Membership, party: string): bigint | undefined {
    let since: bigint | undefined;
    for (const { isProposal, transaction, validFrom } of replica.store.history(`ptp/${party}`)) {
      if (isProposal) continue;
      since = this.ownHost(transaction)?.onboarding ? (since ?? validFrom) : undefined;
    }
    return since;
  }

  private ownHost({ operation, mapping }: TopologyTransaction): HostingParticipant | undefined {
    if (operation !== ADD || mapping.code !== 'ptp') return undefined;
    return mapping.value.participants.find((host) => host.participant_uid === this.parts.uid);
  }

  private want({ logicalId, party, isWanted }: JournalRecords['clearance']): void {
    const key = `${logicalId}/${party}`;
    if (isWanted) this.wanted.set(key, { logicalId, party });
    else this.wanted.delete(key);
  }

  private forget(logicalId: string, party: string): void {
    const record = { logicalId, party, isWanted: false };
    this.parts.journal.append('clearance', record);
    this.want(record);
  }

  private get safeMicros(): bigint {
    return BigInt(this.parts.onboardingMs) * 1000n;
  }

  private host({ replica }: Membership, party: string, time: bigint) {
    const { logicalId } = replica.synchronizer.info;
    const hosts = hostsAt(replica.store, { party, logicalId }, time);
    return hosts.find((host) => host.participant_uid === this.parts.uid);
  }

  private lastEntry(logicalId: string, time: number): LedgerEntry | undefined {
    let last: LedgerEntry | undefined;
    const ledger = this.parts.ledger();
    for (const entry of ledger.between(0, ledger.end)) {
      if (entry.synchronizerId === logicalId && entry.recordTimeMicros <= time) last = entry;
    }
    return last;
  }

  private membership(request: OffsetAt | ClearFlag): Membership {
    const id = request.synchronizer_id ?? '';
    const found = this.parts.topology.find(id);
    if (found) return found;
    throw partyRefusal('INVALID_ARGUMENT', 8, `Synchronizer ID ${shortenIds(id)} is unknown`);
  }
}

function now(): bigint {
  return BigInt(Date.now()) * 1000n;
}

function partyRefusal(kind: string, category: 8 | 9 | 12, cause: string): CantonRefusal {
  return new CantonRefusal({ id: `${kind}_PARTY_MANAGEMENT_ERROR`, category, cause });
}

/** Passes on what the node was told by its own topology manager. Source: networks J, item 2. */
function wrapped({ parts }: CantonRefusal): CantonRefusal {
  const { id, category, cause } = parts;
  const code = status[CATEGORIES[category].code];
  return partyRefusal('INVALID_STATE', 9, `${code}: ${id}(${category},0): ${cause}`);
}

function missingFlag(party: string, uid: string): CantonRefusal {
  const what = `Aborted onboarding flag clearance for party ${shortenIds(party)}`;
  return new CantonRefusal({
    id: 'PARTY_ONBOARDING_CLEARANCE_MISSING_MAPPING',
    category: 9,
    cause: `${what}: missing party-to-participant mapping onboarding flag for the participant PAR::${shortenIds(uid)}.`,
  });
}
