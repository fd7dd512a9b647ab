import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack, durationMs } from '@bufbuild/protobuf/wkt';
import { status, type ServiceError } from '@grpc/grpc-js';

import type { FailureKind } from '../model/failure.js';
import { kindOf, type Answer, type GrpcCode, type Verdict } from './error-rules.js';
import {
  ErrorInfoSchema,
  RequestInfoSchema,
  RetryInfoSchema,
  StatusSchema,
} from './gen/google/rpc/status_pb.js';
import { connectionReason } from './tls-failures.js';

export type { GrpcCode } from './error-rules.js';

/** Where a call went: enough to find it again in the log of the participant. */
export interface CallContext {
  /** Name in the worker's configuration. */
  participant: string;
  api: 'Admin API' | 'Ledger API';
  /** `host:port`. */
  address: string;
  /** What the call proved itself with, in words; never the token. */
  credential: string;
  /** For example `VaultService/ListMyKeys`. */
  method: string;
  /** The trace id the call carried, 32 hex characters; empty if the failure is not that of a call. */
  traceId: string;
}

interface CantonErrorFields extends CallContext {
  kind: FailureKind;
  code: GrpcCode;
  cause: string;
  /** Given where the call never reached the participant, or its answer has a name of ours. */
  type?: string | undefined;
  errorId?: string | undefined;
  category?: number | undefined;
  retryDelayMs?: number | undefined;
  metadata?: Record<string, string>;
}

/** A call that failed, with who has to act. Every method of a `Participant` fails with this and nothing else. */
export class CantonError extends Error {
  override readonly name = 'CantonError';
  readonly kind: FailureKind;
  /** Stable PascalCase name; absent where the code says enough. */
  readonly type: string | undefined;
  /** `OK` if the call went well and its answer is of no use. */
  readonly code: GrpcCode;
  /** Canton's error id, for example `TOPOLOGY_SERIAL_MISMATCH`; absent for redacted and transport errors. */
  readonly errorId: string | undefined;
  /** Canton's error category, 1 to 14. */
  readonly category: number | undefined;
  readonly retryDelayMs: number | undefined;
  /** 32 hex characters, leads to the log of the participant; empty if the failure is not that of a call. */
  readonly traceId: string;
  readonly participant: string;
  /** For example `VaultService/ListMyKeys`. */
  readonly method: string;
  /** What Canton says beside the message; ids in it are cut, so never read them. */
  readonly metadata: Readonly<Record<string, string>>;

  constructor(fields: CantonErrorFields) {
    super(messageOf(fields));
    const { participant, method, code, errorId, traceId } = fields;
    this.kind = fields.kind;
    this.type = fields.type;
    this.code = code;
    this.errorId = errorId;
    this.category = fields.category;
    this.retryDelayMs = fields.retryDelayMs;
    this.traceId = traceId;
    this.participant = participant;
    this.method = method;
    this.metadata = fields.metadata ?? {};
  }
}

/** Codes of a failure with a name of ours that never was a call: of the connection, or of its credential. */
const UNANSWERED = new Set<GrpcCode>(['UNAVAILABLE', 'UNAUTHENTICATED']);

function messageOf(fields: CantonErrorFields): string {
  const { participant, api, address, method, code, errorId, cause, traceId } = fields;
  if (fields.type && UNANSWERED.has(code)) return `${participant}: ${api} at ${address}: ${cause}`;
  const what = errorId ? `${code} ${errorId}` : code;
  return `${participant}: ${method} answered ${what}: ${cause}${traceId && ` (trace id ${traceId})`}`;
}

/** Returns the error for a call that went well and whose answer, or our own request, is of no use. */
export function refused(
  context: CallContext,
  cause: string,
  fields: { errorId?: string; code?: GrpcCode } = {},
) {
  return new CantonError({ code: 'OK', ...context, ...fields, kind: 'refused', cause });
}

/**
 * Returns the `CantonError` for what grpc-js rejected with, from its trailers alone.
 *
 * Anything that is not a gRPC status is a bug of ours and comes back as it is.
 */
export function toCantonError(error: unknown, context: CallContext): Error {
  if (!isServiceError(error)) return error instanceof Error ? error : new Error(String(error));

  const details = readDetails(error);
  const answer: Answer = { ...details, code: codeName(error.code), method: context.method };
  const verdict = kindOf(answer);
  return new CantonError({
    ...answer,
    ...context,
    kind: verdict.kind,
    type: verdict.type,
    traceId: details.traceId ?? context.traceId,
    cause: describe(answer, { advice: adviceOn(answer.code, context), ...verdict }),
  });
}

/** Canton keeps to itself what is wrong with a token; what the call had for one helps to find out. */
function adviceOn(code: GrpcCode, { api, credential }: CallContext): string | undefined {
  if (code === 'UNAUTHENTICATED') return `the ${api} does not accept ${credential}`;
  if (code === 'PERMISSION_DENIED') return `the ${api} grants too little to ${credential}`;
  return undefined;
}

function describe(answer: Answer, { type, advice }: Omit<Verdict, 'kind'>): string {
  if (type !== undefined && UNANSWERED.has(answer.code))
    return [advice, connectionReason(answer.text)].filter(Boolean).join(': ');
  const reason =
    answer.errorId === 'PROTO_DESERIALIZATION_FAILURE' ? answer.metadata['reason'] : undefined;
  const cause = answer.isRedacted
    ? 'the participant keeps the reason to its log, under the trace id'
    : answer.text;
  return [reason ? `${cause}: ${reason}` : cause, advice].filter(Boolean).join('; ');
}

// Source: Canton's own expression for its messages, ErrorCode.scala; facts 3.1.
const MESSAGE = /^([A-Z_]+)\((\d+),[^)]+\): ([\s\S]*)$/;
const REDACTED = /^An error occurred\. Please contact the operator/;

function readDetails(error: ServiceError) {
  const { info, retry, request } = readStatus(error);
  const [, id, category, cause] = MESSAGE.exec(error.details) ?? [];
  const metadata = { ...info?.metadata };
  const isRedacted = REDACTED.test(error.details);
  const number = Number(metadata['category'] ?? category);
  return {
    errorId: info?.reason ?? id,
    category: Number.isInteger(number) ? number : undefined,
    retryDelayMs: retry && (retry.retryDelay ? durationMs(retry.retryDelay) : 0),
    // On the Ledger API a request id may be a submission id; only a redacted error has nothing better.
    traceId: metadata['tid'] ?? (isRedacted ? request?.requestId : undefined),
    text: cause ?? error.details,
    metadata,
    isRedacted,
  };
}

function readStatus(error: ServiceError) {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const details = bytes instanceof Uint8Array ? fromBinary(StatusSchema, bytes).details : [];
  const [info] = details.flatMap((any) => anyUnpack(any, ErrorInfoSchema) ?? []);
  const [retry] = details.flatMap((any) => anyUnpack(any, RetryInfoSchema) ?? []);
  const [request] = details.flatMap((any) => anyUnpack(any, RequestInfoSchema) ?? []);
  return { info, retry, request };
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'metadata' in error && 'details' in error;
}

function codeName(code: number): GrpcCode {
  return (status[code] ?? 'UNKNOWN') as GrpcCode;
}
