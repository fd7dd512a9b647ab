import { CantonRefusal, shortenIds } from '../errors.js';
import { clientStream, serverStream, type CallInfo } from '../grpc.js';
import { findActivation } from '../ledger/activations.js';
import type { Ledger } from '../ledger/ledger.js';
import type { TopologyPort } from '../node.js';
import type { Decoded } from '../wire.js';
import { exportedChunks, type ExportParts } from './export.js';
import { importUpload, type ImportParts } from './import.js';
import { readImportRequest } from './import-request.js';
import { STILL_CONNECTED } from './refusals.js';

type Admin = 'com.digitalasset.canton.admin.participant.v30';
type ExportMessage = Decoded<`${Admin}.ExportPartyAcsRequest`>;
type ImportMessage = Decoded<`${Admin}.ImportPartyAcsRequest`>;

/**
 * Returns the handler of `ExportPartyAcs`: the contracts of one party at its activation on another participant, without
 * those that participant has from parties it hosted before. Source: live-route 2; networks A, item A2.
 */
export function exportPartyAcs(parts: ExportParts) {
  return serverStream((request: ExportMessage, call) => chunks(parts, request, call));
}

async function* chunks(parts: ExportParts, request: ExportMessage, call: CallInfo) {
  const { ledger, topology } = parts;
  const party = request.party_id ?? '';
  const uid = request.target_participant_uid ?? '';
  const synchronizerId = request.synchronizer_id ?? '';
  const search = {
    party,
    uid,
    logicalId: synchronizerId,
    beginExclusive: Number(request.begin_offset_exclusive ?? 0),
    timeout: request.wait_for_activation_timeout,
  };
  const { offset, recordTimeMicros } = await findActivation(ledger, search, call);
  const place = { party, uid, synchronizerId, offset, recordTimeMicros };
  const excluded = hostedBefore({ ledger, topology }, place);
  const all = {
    parties: new Set([party]),
    synchronizerId,
    offset,
    renames: new Map<string, string>(),
    excluded,
  };
  yield* exportedChunks(parts, all, call);
}

/** Stakeholders of the party's contracts whom the participant hosted before the party. */
function hostedBefore(
  { ledger, topology }: { readonly ledger: Ledger; readonly topology: TopologyPort },
  place: {
    party: string;
    uid: string;
    synchronizerId: string;
    offset: number;
    recordTimeMicros: number;
  },
): Set<string> {
  const { party, uid } = place;
  const order = topology.order(place.synchronizerId);
  const others = new Set<string>();
  for (const slot of ledger.active(place.offset)) {
    const { all } = ledger.index.stakeholders(slot);
    if (all.includes(party)) for (const one of all) if (one !== party) others.add(one);
  }
  const hosts = (one: string) => order?.hostsAt(one, place.recordTimeMicros - 1) ?? [];
  return new Set([...others].filter((one) => hosts(one).some((its) => its.participant_uid === uid)));
}

/**
 * Returns the handler of `ImportPartyAcs`: an `ImportAcs` that, for a party, wants its mapping with the flag of
 * this node, proposed or in effect, and from protocol version 35 on clears the flag by itself. Source: admin-api
 * 1.11; networks A, item A2.
 */
export function importPartyAcs(parts: ImportParts) {
  const { topology } = parts;
  return clientStream(async (requests: AsyncIterable<ImportMessage>, call) => {
    const messages = requests[Symbol.asyncIterator]();
    const first = await messages.next();
    if (first.done) return {};

    const request = readImportRequest({ excluded_stakeholder_ids: [], ...first.value });
    if (topology.connected().length > 0) throw stillConnected();
    const party = first.value.party_id ?? '';
    if (party !== '' && topology.isOnboarding?.(request.synchronizerId, party) !== true)
      throw missingMapping(party);
    await importUpload(parts, { request, first: first.value, messages, call });
    if (party !== '') topology.clearWhenSafe?.(request.synchronizerId, party);
    return {};
  });
}

function stillConnected(): CantonRefusal {
  return new CantonRefusal({
    id: 'IO_STREAM_PARTY_MANAGEMENT_ERROR',
    category: 9,
    cause: STILL_CONNECTED,
  });
}

/** Source: golden35/pv35-live-importparty.jsonl 15. */
function missingMapping(party: string): CantonRefusal {
  const partyId = shortenIds(party);
  return new CantonRefusal({
    id: 'PARTY_ACS_IMPORT_MISSING_ONBOARDING_MAPPING',
    category: 9,
    cause: `Aborted ACS import for party ${partyId}: missing party-to-participant mapping or required onboarding flag for this participant.`,
    metadata: { partyId },
  });
}
