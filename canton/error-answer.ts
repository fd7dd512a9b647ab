import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack, durationMs } from '@bufbuild/protobuf/wkt';
import { status, type ServiceError } from '@grpc/grpc-js';

import {
  ErrorInfoSchema,
  RequestInfoSchema,
  RetryInfoSchema,
  StatusSchema,
} from './gen/google/rpc/status_pb.js';

/** Name of a gRPC status code. */
export type GrpcCode = keyof typeof status;

/** A failed call as far as the kind of its failure depends on it. */
export interface Answer {
  /** For example `VaultService/ListMyKeys`. */
  method: string;
  code: GrpcCode;
  errorId: string | undefined;
  category: number | undefined;
  retryDelayMs: number | undefined;
  /** Without error id and category. */
  text: string;
  metadata: Record<string, string>;
  isRedacted: boolean;
}

// Source: Canton's own expression for its messages, ErrorCode.scala; facts 3.1.
const MESSAGE = /^([A-Z_]+)\((\d+),[^)]+\): ([\s\S]*)$/;
/** The last one in a text is the innermost. */
const WRAPPED = /[\s\S]*\b([A-Z]+(?:_[A-Z]+)+)\((\d+),[^)]+\): ([\s\S]*)$/;
const REDACTED = /^An error occurred\. Please contact the operator/;

// Source: facts 3.2.
const CODES: Readonly<Record<number, GrpcCode>> = {
  1: 'UNAVAILABLE',
  2: 'ABORTED',
  3: 'DEADLINE_EXCEEDED',
  4: 'INTERNAL',
  5: 'INVALID_ARGUMENT',
  6: 'UNAUTHENTICATED',
  7: 'PERMISSION_DENIED',
  8: 'INVALID_ARGUMENT',
  9: 'FAILED_PRECONDITION',
  10: 'ALREADY_EXISTS',
  11: 'NOT_FOUND',
  12: 'OUT_OF_RANGE',
  14: 'UNIMPLEMENTED',
};

/** Returns a failed call as the participant answered it, from its trailers alone, and the trace id it gives. */
export function readAnswer(error: ServiceError, method: string): Answer & { traceId?: string } {
  const { info, retry, request } = readStatus(error);
  const [, id, category, cause] = MESSAGE.exec(error.details) ?? [];
  const metadata = { ...info?.metadata };
  const isRedacted = REDACTED.test(error.details);
  const number = Number(metadata['category'] ?? category);
  // On the Ledger API a request id may be a submission id; only a redacted error has nothing better.
  const traceId = metadata['tid'] ?? (isRedacted ? request?.requestId : undefined);
  return {
    method,
    code: (status[error.code] ?? 'UNKNOWN') as GrpcCode,
    errorId: info?.reason ?? id,
    category: Number.isInteger(number) ? number : undefined,
    retryDelayMs: retry && (retry.retryDelay ? durationMs(retry.retryDelay) : 0),
    text: cause ?? error.details,
    metadata,
    isRedacted,
    ...(traceId !== undefined && { traceId }),
  };
}

/**
 * Returns the error that an answer carries in its text, the innermost one; the answer itself if it carries none.
 *
 * A participant that asks itself, or another node, passes on what it was told inside an error of its own, whose
 * code and category say nothing of whether it may pass. Source: facts of today's networks, J.
 */
export function innermost(answer: Answer): Answer {
  const [, errorId, category, text] = WRAPPED.exec(answer.text) ?? [];
  if (errorId === undefined || text === undefined) return answer;
  const code = CODES[Number(category)] ?? answer.code;
  return { ...answer, code, errorId, category: Number(category), retryDelayMs: undefined, text };
}

function readStatus(error: ServiceError) {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const details = bytes instanceof Uint8Array ? fromBinary(StatusSchema, bytes).details : [];
  const [info] = details.flatMap((any) => anyUnpack(any, ErrorInfoSchema) ?? []);
  const [retry] = details.flatMap((any) => anyUnpack(any, RetryInfoSchema) ?? []);
  const [request] = details.flatMap((any) => anyUnpack(any, RequestInfoSchema) ?? []);
  return { info, retry, request };
}
