import type { Timestamp } from '@bufbuild/protobuf/wkt';

import type { HostingParticipant, PartyMapping, TopologyStore } from '../../model/participant.js';
import type { Channel } from '../channel.js';
import { CantonError } from '../errors.js';
import { TopologyTransactions_ItemSchema } from '../gen/com/digitalasset/canton/topology/admin/v30/common_pb.js';
import {
  ListPartyToParticipantResponse_ResultSchema,
  TopologyManagerReadService,
} from '../gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import { scanWhole, type Query } from './large-lists.js';
import { isTooLarge } from '../refusals.js';
import { queryOf, toPartyMapping, unwrapPartyMapping } from './topology-messages.js';

/** Which mappings are read: `party` is the beginning of an id, `participantUid` a host. */
export interface MappingFilter {
  party?: string;
  participantUid?: string;
}

export interface MappingReading {
  isProposal?: boolean;
  /** Whether there may be very many. */
  mayBeMany?: boolean;
  /** Fingerprints of keys, one of which signed. The pages of many do not tell. */
  signedBy?: ReadonlySet<string>;
}

/** Of every fingerprint: it is a SHA-256 multihash in hex. */
const FINGERPRINT_START = '1220';
const DIGITS = [...'0123456789abcdef'];

/** 1/256 of the namespaces. Namespaces are hashes: what this part has of them stands for all. */
const SAMPLE = `${FINGERPRINT_START}00`;
/**
 * Of the sample: some 30,000 parties, whose mappings are 16 MiB in one answer, and several times that as they
 * arrive.
 */
const MANY_IN_SAMPLE = 110;
/** The pages have the parties of every participant: with more of these, one answer is smaller. */
const MOST_OF_OTHERS = 8;

const read = TopologyManagerReadService.method;

/** With the end of what does not hold any more. */
interface Held {
  mapping: PartyMapping;
  validUntil?: Timestamp | undefined;
}

/**
 * Reads the mappings of parties, one by one. One that is changed meanwhile may come twice: as it was, and
 * then as it is.
 *
 * `ListPartyToParticipant` answers with all there are at once: its filter takes a whole party or none.
 * `ListAllV2` filters by the beginning of the namespace, so very many are read through it, page by page. What
 * is too large for one answer even so is read by time. Source: networks H; admin-api 1.5; decision 46.
 */
export async function* scanPartyMappings(
  channel: Channel,
  store: TopologyStore,
  filter: MappingFilter,
  { isProposal = false, mayBeMany = false, signedBy }: MappingReading,
): AsyncGenerator<PartyMapping, void, undefined> {
  const reader = new MappingReader(channel, queryOf(store, { isProposal }), filter, signedBy);
  const isWhole = (filter.party ?? '') === '';
  if (isWhole && mayBeMany && !signedBy && (await reader.areMany())) yield* reader.pages();
  else yield* reader.inOneAnswer();
}

class MappingReader {
  private readonly interned = new InternedHosts();
  private readonly party: string;

  constructor(
    private readonly channel: Channel,
    private readonly baseQuery: Query,
    private readonly filter: MappingFilter,
    private readonly signedBy: ReadonlySet<string> | undefined,
  ) {
    this.party = filter.party ?? '';
  }

  inOneAnswer(): AsyncGenerator<PartyMapping, void, undefined> {
    return this.asked((query) => this.mappings(query));
  }

  async *pages(): AsyncGenerator<PartyMapping, void, undefined> {
    for (const digit of DIGITS)
      yield* this.asked((query) => this.page(FINGERPRINT_START + digit, query));
  }

  /** Whether pages are better than one answer. */
  async areMany(): Promise<boolean> {
    let all = 0;
    let asked = 0;
    try {
      for await (const { mapping } of this.page(SAMPLE, this.baseQuery)) {
        all += 1;
        if (this.isAsked(mapping)) asked += 1;
      }
    } catch (error) {
      // Canton 3.4 has no such call. Source: admin-api 1.5.
      if (error instanceof CantonError && error.code === 'UNIMPLEMENTED') return false;
      if (isTooLarge(error)) return true;
      throw error;
    }
    return asked >= MANY_IN_SAMPLE && all <= asked * MOST_OF_OTHERS;
  }

  private async *mappings(baseQuery: Query): AsyncGenerator<Held, void, undefined> {
    const filters = {
      filterParty: this.party,
      filterParticipant: this.filter.participantUid ?? '',
    };
    const results = this.channel.unaryItems(
      read.listPartyToParticipant,
      { baseQuery, ...filters },
      { path: [2], schema: ListPartyToParticipantResponse_ResultSchema },
    );
    for await (const { item, context } of results) {
      const signers = context?.signedByFingerprints ?? [];
      if (this.signedBy && !signers.some((its) => this.signedBy!.has(its))) continue;
      const mapping = item && toPartyMapping(item, context?.serial ?? 0);
      if (mapping) yield { mapping, validUntil: context?.validUntil };
    }
  }

  /** Those of the namespaces that begin so. */
  private async *page(filterNamespace: string, baseQuery: Query): AsyncGenerator<Held, void, undefined> {
    const request = { baseQuery, filterNamespace, includeMappings: ['ptp'] };
    const items = this.channel.unaryItems(read.listAllV2, request, {
      path: [1, 1],
      schema: TopologyTransactions_ItemSchema,
    });
    for await (const { transaction, rejectionReason, validUntil } of items) {
      const mapping = rejectionReason === undefined && unwrapPartyMapping(transaction)?.mapping;
      if (mapping) yield { mapping, validUntil };
    }
  }

  private async *asked(
    list: (query: Query) => AsyncGenerator<Held, void, undefined>,
  ): AsyncGenerator<PartyMapping, void, undefined> {
    for await (const { mapping } of scanWhole(this.baseQuery, list, ({ validUntil }) => validUntil))
      if (this.isAsked(mapping)) yield this.interned.of(mapping);
  }

  private isAsked({ party, hosts }: PartyMapping): boolean {
    const { participantUid } = this.filter;
    return (
      party.startsWith(this.party) &&
      (!participantUid || hosts.some((host) => host.participantUid === participantUid))
    );
  }
}

/** Most parties of a participant have the same hosts: each different list of these is kept once. */
class InternedHosts {
  private readonly known = new Map<string, HostingParticipant[]>();

  of(mapping: PartyMapping): PartyMapping {
    const key = mapping.hosts
      .map(
        ({ participantUid, permission, isOnboarding }) =>
          `${participantUid} ${permission} ${isOnboarding}`,
      )
      .join();
    const known = this.known.get(key);
    if (known) return { ...mapping, hosts: known };
    this.known.set(key, mapping.hosts);
    return mapping;
  }
}
