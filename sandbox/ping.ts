import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { PING_PACKAGE_ID } from './builtin-packages.js';
import { fieldNotSet, deserializationFailure, shortenIds } from './errors.js';
import { unary, type CallInfo, type Service } from './grpc.js';
import type { SynchronizerInfo, TopologyPort } from './node.js';
import { idProblem } from './repair/import-request.js';
import type { Decoded, Encodable } from './wire.js';

type Admin = 'com.digitalasset.canton.admin.participant.v30';
type Answer = Encodable<`${Admin}.PingResponse`>;

/** What the ping service of one participant works with. */
export interface PingParts {
  readonly uid: string;
  readonly topology: TopologyPort;
  /** How long a successful ping takes, in milliseconds. */
  readonly durationMs: number;
  /** How long a ping that nobody answers takes at most, in milliseconds; absent: its whole timeout. */
  readonly failureMs: number | undefined;
  /** Whether the node can sign: false once its keys are lost. */
  readonly canSign: () => boolean;
  /** Whether the sequencer of a synchronizer (logical id) answers. */
  readonly isReachable: (logicalId: string) => boolean;
  /** Called with the synchronizer (logical id) of a ping that succeeded. */
  readonly onSuccess: (logicalId: string) => void;
}

/** Returns the handlers of PingService: failures come back inside an OK response. Source: admin-api 1.14. */
export function pingService(parts: PingParts): Service<`${Admin}.PingService`> {
  const seen = new Set<string>();
  return { Ping: unary((request, call) => ping(parts, seen, request, call), { makesTraceId: true }) };
}

async function ping(
  parts: PingParts,
  seen: Set<string>,
  request: Decoded<`${Admin}.PingRequest`>,
  call: CallInfo,
): Promise<Answer> {
  const targets = request.target_parties;
  const { timeout, synchronizer_id: wanted = '' } = request;
  if (!timeout) throw fieldNotSet('timeout');
  checkParties(targets);
  const timeoutMs = Number(timeout.seconds ?? 0) * 1000 + Number(timeout.nanos ?? 0) / 1e6;
  const id = request.id || randomUUID();
  const failureMs = Math.min(timeoutMs, parts.failureMs ?? Infinity);
  const failure = (reason: string): Answer => ({ failure: { reason } });

  if (targets.length === 0) return failure('No target parties specified for ping');
  if (seen.has(id)) return failure(`Duplicate ping request ${id}`);
  seen.add(id);

  const traceId = call.traceId ?? randomBytes(16).toString('hex');
  const connected = parts.topology
    .connected()
    .filter(({ logicalId }) => wanted === '' || logicalId === wanted);
  if (connected.length === 0) {
    const status = shown(9, 'NOT_CONNECTED_TO_ANY_SYNCHRONIZER', traceId, NOT_CONNECTED);
    return failure(`Failed ping id=${id}: Failed to submit ping id=${id}: ${status}`);
  }
  const mayPing = (logicalId: string) => canPing(parts, logicalId, targets);
  const where = connected.find(({ logicalId }) => mayPing(logicalId));
  const status = where ? undefined : misplaced(parts, connected, mayPing, traceId);
  if (status !== undefined)
    return failure(`Failed ping id=${id}: Failed to submit ping id=${id}: ${status}`);
  if (!where) {
    await pause(failureMs, call);
    const status = shown(5, 'UNKNOWN_INFORMEES', traceId, UNKNOWN_INFORMEES);
    return failure(
      `Failed ping id=${id}: Timeout out while attempting to submit ping id=${id}: ${status}`,
    );
  }
  if (!isAnswered(parts, where.logicalId)) {
    await pause(failureMs, call);
    return failure('Timeout: We were unable to create the ping contract');
  }
  if (!isPaid(parts, where)) {
    await pause(failureMs, call);
    const status = shown(10, 'SEQUENCER_REQUEST_FAILED', traceId, 'Failed to send command');
    return failure(
      `Failed ping id=${id}: Timeout out while attempting to submit ping id=${id}: ${status}`,
    );
  }
  const started = performance.now();
  await pause(Math.min(parts.durationMs, timeoutMs), call);
  parts.onSuccess(where.logicalId);
  const ping_time = String(Math.max(1, Math.round(performance.now() - started)));
  return { success: { ping_time, responder: targets[0] } };
}

function checkParties(parties: readonly string[]): void {
  const malformed = parties.find((party) => !/^[^:]+::[0-9A-Za-z_-]+$/.test(party));
  if (malformed === undefined) return;
  throw deserializationFailure(`ValueConversionError(target_parties,${idProblem(malformed)})`);
}

function isAnswered({ topology, canSign, isReachable }: PingParts, logicalId: string): boolean {
  const isLockedOut = topology.order(logicalId)?.isLockedOut === true;
  const vets = topology.vetted(logicalId).has(PING_PACKAGE_ID);
  return canSign() && !isLockedOut && isReachable(logicalId) && vets;
}

/** Whether everybody who is asked is hosted there; a ping is submitted by the admin party. Source: networks E. */
function canPing({ topology, uid }: PingParts, logicalId: string, targets: readonly string[]): boolean {
  const isSubmitter = topology
    .hosting(logicalId, uid)
    .some(
      (host) => host.participant_uid === uid && host.permission === 'PARTICIPANT_PERMISSION_SUBMISSION',
    );
  return isSubmitter && targets.every((party) => topology.hosts(logicalId, party).length > 0);
}

/** The refusal of a ping that could be made on another synchronizer than the one asked for. Source: networks E. */
function misplaced(
  { topology }: PingParts,
  asked: readonly SynchronizerInfo[],
  mayPing: (logicalId: string) => boolean,
  traceId: string,
): string | undefined {
  const elsewhere = topology.connected().filter(({ logicalId }) => mayPing(logicalId));
  if (elsewhere.length === 0) return undefined;
  const [wanted, others] = [asked, elsewhere].map((list) =>
    list.map((one) => one.physicalId).join(', '),
  );
  const text = `Not all informees are on the specified synchronizer: ${wanted}, but on Set(${others})`;
  return shown(9, 'INVALID_PRESCRIBED_SYNCHRONIZER_ID', traceId, shortenIds(text));
}

const NOT_CONNECTED = 'This participant is not connected to any synchronizer.';
const UNKNOWN_INFORMEES =
  'The participant is not connected to any synchronizer where the given informees are known.';
const CATEGORY: Readonly<Record<number, number>> = { 5: 11, 9: 9, 10: 2 };
/** Of each of its two transactions. Source: golden35/traffic-control.jsonl 6. */
const PING_BYTES = 2726;

function isPaid({ topology, uid }: PingParts, { logicalId }: SynchronizerInfo): boolean {
  const order = topology.order(logicalId);
  return [1, 2].every(() => !order?.pay(PING_BYTES, [uid]));
}

/** A gRPC status as Scala prints it; match by the error id, never by the whole text. */
function shown(code: number, id: string, traceId: string, text: string): string {
  const address = () => randomBytes(4).toString('hex');
  const any = (type: string, size: number, contents: string) =>
    `Any(type.googleapis.com/google.rpc.${type},<ByteString@${address()} size=${size} contents="${contents}">,UnknownFieldSet(Map()))`;
  const info = any('ErrorInfo', 138, `\\n!${id}\\032\\023\\n\\vparticip...`);
  const request = any('RequestInfo', 34, `\\n ${traceId}`);
  const message = `${id}(${CATEGORY[code]},${traceId.slice(0, 8)}): ${text}`;
  return `Status(${code},${message},List(${info}, ${request}),UnknownFieldSet(Map()))`;
}

async function pause(ms: number, call: CallInfo): Promise<void> {
  await wait(ms, undefined, { signal: call.signal }).catch(() => undefined);
}
