import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { Metadata, status as grpcStatus } from '@grpc/grpc-js';
import { DamagedBytes, encode, type Encodable, type Message } from './wire.js';

/** Canton's error categories by number; 13 never reaches an API. Source: admin-api 3.2. */
export type Category = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 14;

interface CategoryRow {
  readonly code: grpcStatus;
  readonly isRedacted: boolean;
  /** Absent where a client should not retry. */
  readonly retryDelayMs?: number;
}

/** What each category becomes on the wire. */
export const CATEGORIES: Readonly<Record<Category, CategoryRow>> = {
  1: { code: grpcStatus.UNAVAILABLE, isRedacted: false, retryDelayMs: 1000 },
  2: { code: grpcStatus.ABORTED, isRedacted: false, retryDelayMs: 1000 },
  3: { code: grpcStatus.DEADLINE_EXCEEDED, isRedacted: false, retryDelayMs: 1000 },
  4: { code: grpcStatus.INTERNAL, isRedacted: true },
  5: { code: grpcStatus.INVALID_ARGUMENT, isRedacted: true },
  6: { code: grpcStatus.UNAUTHENTICATED, isRedacted: true },
  7: { code: grpcStatus.PERMISSION_DENIED, isRedacted: true },
  8: { code: grpcStatus.INVALID_ARGUMENT, isRedacted: false },
  9: { code: grpcStatus.FAILED_PRECONDITION, isRedacted: false },
  10: { code: grpcStatus.ALREADY_EXISTS, isRedacted: false },
  11: { code: grpcStatus.NOT_FOUND, isRedacted: false },
  12: { code: grpcStatus.OUT_OF_RANGE, isRedacted: false, retryDelayMs: 1000 },
  14: { code: grpcStatus.UNIMPLEMENTED, isRedacted: true },
};

const MAX_CAUSE = 512;

/** What a structured Canton error says. */
export interface RefusalParts {
  /** Error id, e.g. `TOPOLOGY_SERIAL_MISMATCH`. */
  readonly id: string;
  readonly category: Category;
  readonly cause: string;
  /** Error-specific context; `participant: undefined` leaves the participant out, a string replaces it. */
  readonly metadata?: Readonly<Record<string, string | undefined>>;
  /** One `ResourceInfo` each. */
  readonly resources?: readonly { readonly type: string; readonly name: string }[];
  /** Given: the metadata carries `definite_answer` (Ledger API). */
  readonly definiteAnswer?: boolean;
  /** Stands in place of the trace id in `RequestInfo` and in the message, e.g. a submission id. */
  readonly correlationId?: string;
  /** Replaces the category's delay, in milliseconds. */
  readonly retryDelayMs?: number;
}

/** A structured error as Canton answers it. Source: admin-api 3.1. */
export class CantonRefusal extends Error {
  constructor(readonly parts: RefusalParts) {
    super(`${parts.id}: ${parts.cause}`);
  }
}

/**
 * An unstructured error: a text and no details. Without a code it is what an exception becomes:
 * INTERNAL from a unary or server-stream call, UNKNOWN from a client-stream call.
 */
export class PlainFailure extends Error {
  constructor(
    readonly text: string,
    readonly code?: grpcStatus,
  ) {
    super(text);
  }
}

/** What no participant answers: something between, or somebody who means harm. Too long for any message of Canton. */
export class GarbledFailure extends Error {
  readonly text = `${'A_'.repeat(10_000)}\u001b[2J`;
  /** Of no message in any encoding. */
  readonly details = Buffer.alloc(4, 0xff);
}

/** Returns the refusal of a request that does not parse; `reason` as Canton writes it, e.g. `FieldNotSet(store)`. */
export function deserializationFailure(reason: string): CantonRefusal {
  return new CantonRefusal({
    id: 'PROTO_DESERIALIZATION_FAILURE',
    category: 8,
    cause: 'Deserialization of protobuf message failed',
    metadata: { reason },
  });
}

/** Returns the refusal of a request that lacks a mandatory field. */
export function fieldNotSet(field: string): CantonRefusal {
  return deserializationFailure(`FieldNotSet(${field})`);
}

/** Cuts every fingerprint of a text to 12 hex digits and `...`, as Canton's messages and metadata do. */
export function shortenIds(text: string): string {
  return text.replace(/\b(1220[0-9a-f]{8})[0-9a-f]{56}/g, '$1...');
}

/** The call an error answers. */
export interface CallContext {
  /** The node's local name. */
  readonly participant: string;
  /** 32 hex digits, if the call has one. */
  readonly traceId: string | undefined;
  readonly kind: CallKind;
}

/** How a method streams. */
export type CallKind = 'unary' | 'server-stream' | 'client-stream';

/** What goes out as the status of a failed call. */
export interface WireFailure {
  readonly code: grpcStatus;
  readonly details: string;
  readonly metadata: Metadata;
}

/** Returns the trace id of a call: the Admin API knows only the client's, the Ledger API makes its own. */
export function traceIdOf(metadata: Metadata, api: 'admin' | 'ledger'): string | undefined {
  const header = metadata.get('traceparent')[0];
  const found = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(String(header ?? ''))?.[1];
  return found ?? (api === 'ledger' ? randomBytes(16).toString('hex') : undefined);
}

/** Turns whatever a handler threw into the status, message and trailers of a Canton answer. */
export function toWireFailure(error: unknown, call: CallContext): WireFailure {
  if (error instanceof CantonRefusal) return structured(error.parts, call);

  if (error instanceof DamagedBytes) {
    return structured(deserializationFailure(`BufferException(${error.message})`).parts, call);
  }
  if (error instanceof GarbledFailure) {
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', error.details);
    return { code: grpcStatus.INTERNAL, details: error.text, metadata };
  }
  if (error instanceof PlainFailure) {
    const byKind = call.kind === 'client-stream' ? grpcStatus.UNKNOWN : grpcStatus.INTERNAL;
    return { code: error.code ?? byKind, details: error.text, metadata: new Metadata() };
  }
  // A fault of the sandbox itself: its words would pass for Canton's, so they go where its developer looks.
  process.stderr.write(`sandbox: ${call.participant} failed to answer a call: ${inspect(error)}\n`);
  return structured({ id: 'SERVICE_INTERNAL_ERROR', category: 4, cause: 'see the log' }, call);
}

function structured(parts: RefusalParts, call: CallContext): WireFailure {
  const row = CATEGORIES[parts.category];
  const details = row.isRedacted ? redactedText(call.traceId) : openText(parts, call.traceId);
  const entries: Detail[] = row.isRedacted ? [] : openDetails(parts, row, call);
  const requestId = parts.correlationId ?? call.traceId;
  if (requestId !== undefined) entries.push(detail('RequestInfo', { request_id: requestId }));
  if (!row.isRedacted) {
    for (const { type, name } of parts.resources ?? []) {
      entries.push(detail('ResourceInfo', { resource_type: type, resource_name: name }));
    }
  }
  const metadata = new Metadata();
  const bytes = encode('google.rpc.Status', { code: row.code, message: details, details: entries });
  metadata.set('grpc-status-details-bin', bytes);
  return { code: row.code, details, metadata };
}

function openText(parts: RefusalParts, traceId: string | undefined): string {
  const id = (parts.correlationId ?? traceId ?? '0').slice(0, 8);
  const cause = parts.cause.length > MAX_CAUSE ? `${parts.cause.slice(0, MAX_CAUSE)}...` : parts.cause;
  return `${parts.id}(${parts.category},${id}): ${cause}`;
}

function redactedText(traceId: string | undefined): string {
  const request = traceId ?? '<no-correlation-id>';
  const ask = 'An error occurred. Please contact the operator and inquire about the request';
  return `${ask} ${request} with tid ${traceId ?? '<no-tid>'}`;
}

function openDetails(parts: RefusalParts, row: CategoryRow, call: CallContext): Detail[] {
  const metadata: Record<string, string> = {};
  const all = {
    participant: call.participant,
    category: String(parts.category),
    tid: call.traceId,
    definite_answer: parts.definiteAnswer === undefined ? undefined : String(parts.definiteAnswer),
    ...parts.metadata,
  };
  for (const [key, value] of Object.entries(all)) if (value !== undefined) metadata[key] = value;

  const entries = [detail('ErrorInfo', { reason: parts.id, metadata })];
  const delayMs = parts.retryDelayMs ?? row.retryDelayMs;
  if (delayMs !== undefined) {
    const retry_delay = { seconds: Math.floor(delayMs / 1000), nanos: (delayMs % 1000) * 1_000_000 };
    entries.push(detail('RetryInfo', { retry_delay }));
  }
  return entries;
}

type Detail = Encodable<'google.protobuf.Any'>;

function detail(name: string, message: Message): Detail {
  const type = `google.rpc.${name}`;
  return { type_url: `type.googleapis.com/${type}`, value: encode(type, message) };
}
