import { CantonRefusal } from '../errors.js';
import type { Journal } from '../node.js';
import type { Decoded, Encodable } from '../wire.js';
import { mergeAnnotations, type Annotations } from './annotations.js';
import { missingField } from './refusals.js';

/** What a participant keeps of a party beside its topology. */
export interface PartyRecord {
  readonly party: string;
  readonly identityProvider: string;
  readonly annotations: Annotations;
  readonly version: number;
}

interface KnownParty {
  readonly party: string;
  readonly isLocal: boolean;
}

type Admin = 'com.daml.ledger.api.v2.admin';

const KIND = 'party-record';
const PATHS = ['local_metadata', 'local_metadata.annotations'];

/** The records of the parties of one participant; most parties have none. Source: admin-api 1.15. */
export class PartyRecords {
  private readonly byParty = new Map<string, PartyRecord>();

  constructor(private readonly journal: Journal) {
    for (const record of journal.replay(KIND)) this.keep(record);
  }

  /** Every record, by party. */
  all(): PartyRecord[] {
    return [...this.byParty.values()].sort((a, b) => (a.party < b.party ? -1 : 1));
  }

  /** Of a party that was allocated through the Ledger API. */
  create(party: string, identityProvider: string, given: Annotations): void {
    const annotations = mergeAnnotations({}, given, { kind: 'party', name: party });
    this.write({ party, identityProvider, annotations, version: 0 });
  }

  /** Changes annotations; a local party without a record gets one. */
  update(known: KnownParty | undefined, request: Decoded<`${Admin}.UpdatePartyDetailsRequest`>): void {
    const details = request.party_details;
    const party = details?.party ?? '';
    if (!details || party === '') throw missingField('party_details.party');
    const provider = details.identity_provider_id ?? '';
    const record = this.byParty.get(party);
    const isVisible = record ? record.identityProvider === provider : known?.isLocal === true;
    if (!known || !isVisible) throw notFound(party);

    const paths = request.update_mask?.paths ?? [];
    if (paths.length === 0) throw invalidUpdate(party, 'The update mask contains no entries');
    const unknown = paths.find((path) => !PATHS.includes(path));
    if (unknown !== undefined)
      throw invalidUpdate(party, `The update path: '${unknown}' points to an unknown field.`);
    const change = details.local_metadata?.annotations ?? {};
    const base = record ?? { party, identityProvider: '', annotations: {}, version: -1 };
    const annotations = mergeAnnotations(base.annotations, change, { kind: 'party', name: party });
    this.write({ ...base, annotations, version: base.version + 1 });
  }

  /** As seen through the identity provider of a request: the metadata of another one's parties stays hidden. */
  message(
    { party, isLocal }: KnownParty,
    request: { readonly identity_provider_id?: string },
  ): Encodable<`${Admin}.PartyDetails`> {
    const record = this.byParty.get(party);
    const provider = request.identity_provider_id ?? '';
    if (record?.identityProvider === provider) {
      const { annotations, version } = record;
      const local_metadata = {
        resource_version: String(version),
        ...(Object.keys(annotations).length > 0 && { annotations }),
      };
      const id = provider && { identity_provider_id: provider };
      return { party, ...(isLocal && { is_local: true }), local_metadata, ...(id || {}) };
    }
    if (provider !== '') return { party, local_metadata: {} };
    const owner = record?.identityProvider ?? '';
    return {
      party,
      ...(isLocal && { is_local: true }),
      local_metadata: {},
      ...(owner && { identity_provider_id: owner }),
    };
  }

  private write(record: PartyRecord): void {
    this.journal.append(KIND, record);
    this.keep(record);
  }

  private keep(record: PartyRecord): void {
    this.byParty.set(record.party, record);
  }
}

function notFound(party: string): CantonRefusal {
  return new CantonRefusal({
    id: 'PARTY_NOT_FOUND',
    category: 11,
    cause: `Party: '${party}' was not found when updating a participant party record`,
    resources: [{ type: 'PARTY', name: party }],
    definiteAnswer: false,
  });
}

function invalidUpdate(party: string, reason: string): CantonRefusal {
  return new CantonRefusal({
    id: 'INVALID_PARTY_DETAILS_UPDATE_REQUEST',
    category: 8,
    cause: `Update operation for party '${party}' failed due to: ${reason}`,
    resources: [{ type: 'PARTY', name: party }],
    definiteAnswer: false,
  });
}
