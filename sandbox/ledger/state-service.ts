import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { CantonRefusal } from '../errors.js';
import { serverStream, unary, type CallInfo, type Service } from '../grpc.js';
import type { TopologyPort } from '../node.js';
import { encode, Encoded, type Decoded, type Encodable } from '../wire.js';
import { activeContractBytes, createdEvent, field } from './created-event.js';
import { keysOf } from './contract-file.js';
import { EventFilter } from './event-filter.js';
import type { Ledger } from './ledger.js';
import { unassignedEvent } from './reassigning.js';

type Api = 'com.daml.ledger.api.v2';
type ActiveContracts = Decoded<`${Api}.GetActiveContractsRequest`>;
type ActiveContract = Encodable<`${Api}.GetActiveContractsResponse`>;

interface Parts {
  readonly name: string;
  readonly uid: string;
  readonly ledger: Ledger;
  readonly topology: TopologyPort;
}

/** Contracts sent between two turns of the event loop. */
const YIELD_EVERY = 500;

/** Returns the handlers of the Ledger API's StateService. */
export function stateService(parts: Parts): Service<`${Api}.StateService`> {
  const { ledger } = parts;
  return {
    GetLedgerEnd: unary(() => (ledger.end > 0 ? { offset: String(ledger.end) } : {})),
    GetLatestPrunedOffsets: unary(() => {
      const offset = String(ledger.pruned);
      if (ledger.pruned === 0) return {};
      return {
        participant_pruned_up_to_inclusive: offset,
        all_divulged_contracts_pruned_up_to_inclusive: offset,
      };
    }),
    GetConnectedSynchronizers: unary((request) => connectedSynchronizers(parts, request)),
    GetActiveContracts: serverStream((request, call) => activeContracts(parts, request, call)),
  };
}

function connectedSynchronizers(
  { topology, uid }: Parts,
  request: Decoded<`${Api}.GetConnectedSynchronizersRequest`>,
): Encodable<`${Api}.GetConnectedSynchronizersResponse`> {
  const party = request.party;
  const connected = topology.connected().flatMap((one) => {
    const place = { synchronizer_alias: one.alias, synchronizer_id: one.logicalId };
    if (!party) return [place];
    const host = topology
      .hosting(one.logicalId, party)
      .find(({ participant_uid }) => participant_uid === uid);
    return host ? [{ ...place, permission: host.permission }] : [];
  });
  return connected.length > 0 ? { connected_synchronizers: connected } : {};
}

async function* activeContracts(
  { ledger, name }: Parts,
  request: ActiveContracts,
  call: CallInfo,
): AsyncGenerator<ActiveContract | Encoded> {
  const offset = Number(request.active_at_offset ?? 0);
  const filter = new EventFilter(request.event_format);
  checkOffset(ledger, name, offset, filter);
  const digest = requestDigest(request);
  const from = resumeAt(request.stream_continuation_token, digest);

  let sent = 0;
  for (const slot of ledger.active(offset, from)) {
    if (++sent % YIELD_EVERY === 0) await turn();
    if (call.signal.aborted) return;
    const shown = show(ledger, slot, filter);
    if (shown) yield encodedContract(shown, ledger.creation(slot)?.workflowId, token(slot, digest));
  }
  for (const one of ledger.incomplete(offset)) {
    const shown = show(ledger, one.slot, filter);
    if (shown) yield unassigned(one, shown, token(one.slot, digest));
  }
}

type Shown = NonNullable<ReturnType<typeof show>>;

function show(ledger: Ledger, slot: number, filter: EventFilter) {
  const stakeholders = ledger.index.stakeholders(slot);
  if (filter.isPlain && !filter.match(stakeholders)) return undefined;
  const stored = ledger.scan(slot);
  const match = filter.match(stakeholders, filter.isPlain ? undefined : keysOf(stored).template);
  if (!match) return undefined;
  const place = {
    offset: ledger.index.createOffset(slot),
    nodeId: ledger.index.nodeId(slot),
    witnesses: match.witnesses.sort(),
    hasBlob: match.hasBlob,
  };
  return { stored, place, match };
}

function encodedContract(
  { stored, place }: Shown,
  workflow_id: string | undefined,
  continuation: Buffer,
): Encoded {
  const head = encode(
    'com.daml.ledger.api.v2.GetActiveContractsResponse',
    workflow_id ? { workflow_id } : {},
  );
  const contract = field(2, activeContractBytes(stored, place, stored.synchronizerId));
  const bytes = Buffer.concat([head, contract, field(5, continuation)]);
  return new Encoded(bytes, continuation.length);
}

function unassigned(
  one: ReturnType<Ledger['incomplete']>[number],
  shown: Shown,
  stream_continuation_token: Buffer,
): ActiveContract {
  const { place, stored, match } = shown;
  return {
    incomplete_unassigned: {
      created_event: createdEvent(stored, place),
      unassigned_event: unassignedEvent(one, stored, match.witnesses),
    },
    stream_continuation_token,
  };
}

function checkOffset(ledger: Ledger, name: string, offset: number, filter: EventFilter): void {
  if (offset > ledger.end) {
    throw new CantonRefusal({
      id: 'OFFSET_AFTER_LEDGER_END',
      category: 12,
      cause: `active_at_offset offset (${offset}) is after ledger end (${ledger.end})`,
      metadata: { participant: `'${name}'`, filters: filter.describe() },
      definiteAnswer: false,
    });
  }
  if (offset < ledger.pruned) throw prunedDataAccessed(offset, ledger.pruned, name);
}

/** Returns the refusal of an ACS at an offset whose history is gone. */
export function prunedDataAccessed(offset: number, pruned: number, name: string): CantonRefusal {
  return new CantonRefusal({
    id: 'PARTICIPANT_PRUNED_DATA_ACCESSED',
    category: 9,
    cause: `Active contracts request at offset ${offset} precedes pruned offset ${pruned}`,
    metadata: { participant: `'${name}'`, earliest_offset: String(pruned) },
    definiteAnswer: false,
  });
}

/** A token is `{1: {1: slot + 1}, 2: 4 bytes of the request's hash}`, opaque to the client. */
function token(slot: number, digest: Buffer): Buffer {
  const varint: number[] = [];
  let rest = slot + 1;
  for (; rest > 127; rest = Math.floor(rest / 128)) varint.push((rest % 128) | 128);
  const inner = Buffer.from([8, ...varint, rest]);
  return Buffer.concat([Buffer.of(10, inner.length), inner, Buffer.of(18, 4), digest]);
}

function resumeAt(given: Buffer | undefined, digest: Buffer): number {
  if (!given?.length) return 0;
  const inner = given.subarray(3, 2 + (given[1] ?? 0));
  const slot = inner.reduceRight((sum, byte) => sum * 128 + (byte & 127), 0);
  if (given.subarray(-4).equals(digest)) return slot;
  throw new CantonRefusal({
    id: 'INVALID_FIELD',
    category: 8,
    cause:
      'The submitted command has a field with invalid value: Invalid field stream_continuation_token: token does not belong to this request',
    definiteAnswer: false,
  });
}

function requestDigest({ active_at_offset, event_format }: ActiveContracts): Buffer {
  const bytes = encode('com.daml.ledger.api.v2.GetActiveContractsRequest', {
    ...(active_at_offset !== undefined && { active_at_offset }),
    ...(event_format && { event_format }),
  });
  return createHash('sha256').update(bytes).digest().subarray(0, 4);
}
