import { setImmediate as turn } from 'node:timers/promises';
import { CantonRefusal, shortenIds } from '../errors.js';
import { serverStream, type CallInfo } from '../grpc.js';
import { activeContractBytes } from '../ledger/created-event.js';
import type { Ledger } from '../ledger/ledger.js';
import { prunedDataAccessed } from '../ledger/state-service.js';
import type { TopologyPort } from '../node.js';
import type { Decoded } from '../wire.js';
import { frame } from './framing.js';
import { gzipChunks } from './gzip.js';
import { idProblem } from './import-request.js';
import { Busy } from './mode.js';
import { invalidArgument } from './refusals.js';

/** Compressed bytes per response. Source: admin-api 2.1. */
const CHUNK_BYTES = 2 * 1024 * 1024;

/** What an export of one participant works with. */
export interface ExportParts {
  readonly name: string;
  readonly ledger: Ledger;
  readonly topology: TopologyPort;
  readonly contractMicros: number;
  /** What each party that is asked for costs. */
  readonly partyMicros: number;
  /** Asked once per export: after how many records the read fails as if history had been pruned meanwhile. */
  readonly failAfterRecords: () => number | undefined;
}

type ExportMessage = Decoded<'com.digitalasset.canton.admin.participant.v30.ExportAcsRequest'>;

/** Of which contracts, as of when, and how they are written. */
export interface ExportRequest {
  /** Everything on the synchronizer if empty. Source: networks H. */
  readonly parties: ReadonlySet<string>;
  readonly synchronizerId: string;
  readonly offset: number;
  readonly renames: ReadonlyMap<string, string>;
  readonly excluded: ReadonlySet<string>;
}

/** Returns the handler of `ExportAcs`. Source: admin-api 2.2. */
export function exportAcs(parts: ExportParts) {
  return serverStream((request: ExportMessage, call) => chunks(parts, request, call));
}

async function* chunks(parts: ExportParts, message: ExportMessage, call: CallInfo) {
  yield* exportedChunks(parts, readRequest(parts, message), call);
}

/** The responses of an export call. */
export async function* exportedChunks(parts: ExportParts, request: ExportRequest, call: CallInfo) {
  const raw = snapshot(parts, request, call);
  for await (const chunk of gzipChunks(raw, CHUNK_BYTES)) yield { chunk };
}

function readRequest({ ledger, topology }: ExportParts, message: ExportMessage): ExportRequest {
  const parties = new Set(message.party_ids);
  for (const party of parties) checkId('party_ids', party);
  const excluded = message.excluded_stakeholder_ids;
  for (const party of excluded) checkId('excluded_stakeholder_ids', party);

  const renames = new Map<string, string>();
  const given = message.contract_synchronizer_renames ?? {};
  for (const [source, rename] of Object.entries(given)) {
    const target = rename.target_synchronizer_id ?? '';
    checkId('source synchronizer id', source);
    checkId('target synchronizer id', target);
    renames.set(source, target);
  }
  const synchronizerId = message.synchronizer_id ?? '';
  if (synchronizerId !== '') {
    checkId('filter_synchronizer_id', synchronizerId);
    if (!topology.registered().some((one) => one.logicalId === synchronizerId)) {
      throw invalidArgument(shortenIds(`Filter synchronizer id Some(${synchronizerId}) is unknown`));
    }
  }
  const offset = readOffset(ledger, Number(message.ledger_offset ?? 0));
  return { parties, synchronizerId, offset, renames, excluded: new Set(excluded) };
}

function readOffset(ledger: Ledger, offset: number): number {
  if (ledger.end === 0) {
    throw new CantonRefusal({
      id: 'INVALID_STATE_REPAIR_ERROR',
      category: 9,
      cause: 'No ledger end found',
    });
  }
  if (offset <= 0) {
    throw invalidArgument(
      `Invariant violation in field \`ledger_offset\`: Expecting positive value for offset, found ${offset}.`,
    );
  }
  if (offset <= ledger.end) return offset;
  throw invalidArgument(
    `Ledger offset Offset(${offset}) needs to be smaller or equal to the ledger end Offset(${ledger.end})`,
  );
}

function checkId(field: string, id: string): void {
  if (/^[^:]+(:[^:]+)*::[0-9A-Za-z_-]+$/.test(id)) return;
  throw invalidArgument(`Unable to convert field \`${field}\`: ${idProblem(id)}`);
}

/** Records in the order of event sequence; the same request gives the same bytes. */
async function* snapshot(
  parts: ExportParts,
  request: ExportRequest,
  call: CallInfo,
): AsyncGenerator<Uint8Array> {
  const { ledger } = parts;
  if (ledger.pruned > request.offset) throw readFailure(parts, request.offset);
  const busy = new Busy();
  await busy.micros(parts.partyMicros * request.parties.size);
  const failAfter = parts.failAfterRecords() ?? Infinity;
  let count = 0;
  for (const slot of ledger.active(request.offset)) {
    if (call.signal.aborted) return;
    const record = exported(ledger, slot, request);
    if (!record) continue;
    if (count >= failAfter) throw readFailure(parts, request.offset);
    if (++count % 500 === 0) await turn();
    yield record;
    await busy.micros(parts.contractMicros);
  }
  // Unassigned contracts come out as empty records unless a synchronizer is asked for: admin-api 2.2.
  if (request.synchronizerId !== '') return;
  for (const { slot } of ledger.incomplete(request.offset)) {
    if (isWanted(ledger, slot, request)) yield frame(Buffer.alloc(0));
  }
}

function readFailure({ ledger, name }: ExportParts, offset: number): CantonRefusal {
  const { id, category, cause } = prunedDataAccessed(
    offset,
    Math.max(ledger.pruned, offset + 1),
    name,
  ).parts;
  return new CantonRefusal({
    id: 'IO_STREAM_REPAIR_ERROR',
    category: 9,
    cause: `FAILED_PRECONDITION: ${id}(${category},0): ${cause}`,
  });
}

function isWanted(ledger: Ledger, slot: number, { parties, excluded }: ExportRequest): boolean {
  const { all } = ledger.index.stakeholders(slot);
  if (parties.size > 0 && !all.some((party) => parties.has(party))) return false;
  return excluded.size === 0 || !all.some((party) => excluded.has(party));
}

function exported(ledger: Ledger, slot: number, request: ExportRequest): Uint8Array | undefined {
  if (!isWanted(ledger, slot, request)) return undefined;
  const stored = ledger.scan(slot);
  const { synchronizerId } = stored;
  if (request.synchronizerId !== '' && request.synchronizerId !== synchronizerId) return undefined;
  const { all } = ledger.index.stakeholders(slot);
  const { parties } = request;
  const place = {
    offset: ledger.index.createOffset(slot),
    nodeId: ledger.index.nodeId(slot),
    witnesses: parties.size === 0 ? all : all.filter((party) => parties.has(party)),
    hasBlob: true,
  };
  return frame(
    activeContractBytes(stored, place, request.renames.get(synchronizerId) ?? synchronizerId),
  );
}
