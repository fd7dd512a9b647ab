import { setTimeout as wait } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { at, micros, timestamp } from './clock.js';
import { CATEGORIES, CantonRefusal, shortenIds } from './errors.js';
import { unary, type CallInfo, type Services } from './grpc.js';
import type { LedgerEntry } from './ledger/entry.js';
import type { Ledger } from './ledger/ledger.js';
import { hostsAt } from './topology/hosting.js';
import type { Membership, NodeTopology } from './topology/node-topology.js';
import { ADD } from './topology/transaction.js';
import type { Decoded, Encodable } from './wire.js';

type Admin = 'com.digitalasset.canton.admin.participant.v30';
type OffsetAt = Decoded<`${Admin}.GetHighestOffsetByTimestampRequest`>;
type ClearFlag = Decoded<`${Admin}.ClearPartyOnboardingFlagRequest`>;
type Clearing = Encodable<`${Admin}.ClearPartyOnboardingFlagResponse`>;

/** What the arrival of parties on a node is made of. */
export interface OnboardingParts {
  readonly uid: string;
  readonly topology: NodeTopology;
  readonly ledger: () => Ledger;
  /** From the activation of a party to the time its flag may be cleared. */
  readonly onboardingMs: number;
}

interface Clearance {
  readonly cancel: () => void;
}

const POLL_MS = 10;
const RETRY_MICROS = 500_000n;
const MAX_RETRIES = 3;
const DEFAULT_SEARCH_MICROS = 120_000_000n;

/**
 * PartyManagementService of the Admin API, as far as a party's arrival beside other hosts needs it.
 *
 * A flag is cleared by a task that ends with the connection, as with protocol version 34. Source:
 * admin-api 1.11; live-route 5; networks A.
 */
export class Onboarding {
  /** By synchronizer and party. */
  private readonly clearances = new Map<string, Clearance>();

  constructor(private readonly parts: OnboardingParts) {}

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
    const activation = await this.findActivation(request, membership, party, call);
    const activatedAt = BigInt(activation.recordTimeMicros);
    if (!this.host(membership, party, activatedAt)?.onboarding) throw missingFlag(party, this.parts.uid);
    return this.requestClearance(membership, party, activatedAt);
  }

  /** The first activation after the begin counts, however many there are: the hazard of live-route 5. */
  private async findActivation(
    request: ClearFlag,
    { replica }: Membership,
    party: string,
    { signal }: CallInfo,
  ): Promise<LedgerEntry> {
    const { logicalId } = replica.synchronizer.info;
    const ledger = this.parts.ledger();
    const limit = request.wait_for_activation_timeout;
    const until = performance.now() + Number(limit ? micros(limit) : DEFAULT_SEARCH_MICROS) / 1000;
    const activates = (entry: LedgerEntry) =>
      entry.synchronizerId === logicalId &&
      entry.authorizations?.some(
        (event) =>
          event.party === party &&
          event.participantUid === this.parts.uid &&
          (event.kind === 'added' || event.kind === 'onboarding'),
      );
    for (;;) {
      const begin = Number(request.begin_offset_exclusive ?? 0);
      for (const entry of ledger.between(begin, ledger.end)) if (activates(entry)) return entry;
      if (performance.now() >= until || signal.aborted) throw notActivated(party, this.parts.uid);
      await wait(POLL_MS);
    }
  }

  /** Past the safe time it proposes at once, each time it is asked. Before, a task will. */
  private requestClearance(membership: Membership, party: string, activatedAt: bigint): Clearing {
    const host = this.host(membership, party, now());
    if (!host) {
      const cause = `Party ${shortenIds(party)} is not hosted by target participant PAR::${shortenIds(this.parts.uid)}`;
      throw partyRefusal('INVALID_STATE', 9, cause);
    }
    if (!host.onboarding) return { onboarded: true };
    const safeTime = activatedAt + BigInt(this.parts.onboardingMs) * 1000n;
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
    if (!this.host(membership, party, now())?.onboarding) return true;
    try {
      this.propose(membership, party);
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

function notActivated(party: string, uid: string): CantonRefusal {
  const what = 'Failed to find the effective party-to-participant mapping topology transaction';
  return new CantonRefusal({
    id: 'EFFECTIVE_PARTY_TO_PARTICIPANT_MAPPING_NOT_FOUND',
    category: 9,
    cause: `${what} for party ${shortenIds(party)} on participant PAR::${shortenIds(uid)}: The stream has not been completed in time`,
  });
}
