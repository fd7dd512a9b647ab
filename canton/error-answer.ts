import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack, durationMs } from '@bufbuild/protobuf/wkt';
import { status, type ServiceError } from '@grpc/grpc-js';

import {
  ErrorInfoSchema,
  RequestInfoSchema,
  RetryInfoSchema,
  StatusSchema,
  type ErrorInfo,
  type RequestInfo,
  type RetryInfo,
} from './gen/google/rpc/status_pb.js';
import { shortened, shortenedName } from './peer-text.js';

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

// Canton's own expression for its messages. Source: admin-api 3.1. All of these take time in proportion to
// the text, whatever it is: what may repeat is of limited length, or cannot be found in two ways.
const MESSAGE = /^([A-Z_]{1,200})\((\d{1,3}),[^)]{1,200}\): ([\s\S]*)$/;
const WRAPPED = /\b([A-Z]{1,50}(?:_[A-Z]{1,50}){1,20})\((\d{1,3}),[^)]{1,200}\): /g;
const REDACTED = /^An error occurred\. Please contact the operator/;

// Source: admin-api 3.2.
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

/** No node asks for more patience than this: a longer delay would hold the migration as long as a peer likes. */
const MAX_RETRY_DELAY_MS = 5 * 60_000;
const MAX_METADATA = 50;
const MAX_DETAILS = 20;
const TRACE_ID = /^[\w-]{1,64}$/;

/**
 * Returns a failed call as the participant answered it, from its trailers alone, and the trace id it gives.
 *
 * Never fails: trailers that cannot be read are left out, and texts are cut.
 */
export function readAnswer(error: ServiceError, method: string): Answer & { traceId?: string } {
  const { info, retry, request } = readStatus(error);
  const details = shortened(error.details);
  const [, id, category, cause] = MESSAGE.exec(details) ?? [];
  const metadata = readMetadata(info?.metadata ?? {});
  const isRedacted = REDACTED.test(details);
  const number = Number(metadata['category'] ?? category);
  // On the Ledger API a request id may be a submission id; only a redacted error has nothing better.
  const traceId = metadata['tid'] ?? (isRedacted ? request?.requestId : undefined);
  return {
    method,
    code: (status[error.code] ?? 'UNKNOWN') as GrpcCode,
    errorId: info?.reason === undefined ? id : shortenedName(info.reason),
    category: Number.isInteger(number) ? number : undefined,
    retryDelayMs: retry && delayMs(retry),
    text: cause ?? details,
    metadata,
    isRedacted,
    ...(traceId !== undefined && TRACE_ID.test(traceId) && { traceId }),
  };
}

function delayMs({ retryDelay }: RetryInfo): number {
  const found = retryDelay ? durationMs(retryDelay) : 0;
  return Math.min(Math.max(Math.round(found), 0), MAX_RETRY_DELAY_MS);
}

function readMetadata(found: Record<string, string>): Record<string, string> {
  const entries = Object.entries(found).slice(0, MAX_METADATA);
  return Object.fromEntries(entries.map(([name, value]) => [shortenedName(name), shortened(value)]));
}

/**
 * Returns the error that an answer carries in its text, the innermost one; the answer itself if it carries none.
 *
 * A participant that asks itself, or another node, passes on what it was told inside an error of its own, whose
 * code and category say nothing of whether it may pass. Source: networks J, item 2.
 */
export function innermost(answer: Answer): Answer {
  // The last one in a text is the innermost.
  const found = [...answer.text.matchAll(WRAPPED)].at(-1);
  const [whole = '', errorId, category] = found ?? [];
  if (!found || errorId === undefined) return answer;
  const code = CODES[Number(category)] ?? answer.code;
  const text = answer.text.slice(found.index + whole.length);
  return { ...answer, code, errorId, category: Number(category), retryDelayMs: undefined, text };
}

/** Trailers are whatever the peer sends, and this runs in a callback of grpc-js: a failure here would end the process. */
function readStatus(error: ServiceError): {
  info?: ErrorInfo | undefined;
  retry?: RetryInfo | undefined;
  request?: RequestInfo | undefined;
} {
  try {
    const [bytes] = error.metadata.get('grpc-status-details-bin');
    const details =
      bytes instanceof Uint8Array ? fromBinary(StatusSchema, bytes).details.slice(0, MAX_DETAILS) : [];
    const [info] = details.flatMap((any) => anyUnpack(any, ErrorInfoSchema) ?? []);
    const [retry] = details.flatMap((any) => anyUnpack(any, RetryInfoSchema) ?? []);
    const [request] = details.flatMap((any) => anyUnpack(any, RequestInfoSchema) ?? []);
    return { info, retry, request };
  } catch {
    // Its code and its text are all the answer that there is.
    return {};
  }
}
