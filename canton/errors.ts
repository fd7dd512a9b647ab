import type { ServiceError } from '@grpc/grpc-js';

import type { FailureType } from '../model/cures.js';
import type { FailureKind } from '../model/failure.js';
import { innermost, readAnswer, type Answer, type GrpcCode } from './error-answer.js';
import { ERROR_RULES, type ErrorRule, type Verdict } from './error-rules.js';
import { shortened } from './peer-text.js';
import { connectionReason } from './tls-failures.js';

export type { GrpcCode } from './error-answer.js';

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
  type?: FailureType | undefined;
  errorId?: string | undefined;
  category?: number | undefined;
  retryDelayMs?: number | undefined;
  metadata?: Record<string, string>;
  /** What the call itself answered, if the error that decides is inside it. */
  answered?: Pick<Answer, 'code' | 'errorId'>;
}

/** A call that failed, with who has to act. Every method of a `Participant` fails with this and nothing else. */
export class CantonError extends Error {
  override readonly name = 'CantonError';
  readonly kind: FailureKind;
  /** Stable PascalCase name; absent where the code says enough. */
  readonly type: FailureType | undefined;
  /** `OK` if the call went well and its answer is of no use; of the innermost error, like the id and category. */
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
    // The cause may quote what a peer answered: a uid, a version, a reason.
    super(messageOf({ ...fields, cause: shortened(fields.cause) }));
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
  const { participant, api, address, method, cause, traceId, answered = fields } = fields;
  const { code, errorId } = answered;
  if (fields.type && UNANSWERED.has(code)) return `${participant}: ${api} at ${address}: ${cause}`;
  if (fields.type && code === 'OK') return `${participant}: ${cause}`;
  const trace = traceId && ` (trace id ${traceId})`;
  if (fields.type === 'StreamStalled') return `${participant}: ${method}: ${cause}${trace}`;
  const what = errorId ? `${code} ${errorId}` : code;
  return `${participant}: ${method} answered ${what}: ${cause}${trace}`;
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
 * Anything that is not a gRPC status is a bug of ours and comes back as it is. Called in callbacks of grpc-js, where
 * nothing may fail.
 */
export function toCantonError(error: unknown, context: CallContext): Error {
  if (!isServiceError(error)) return error instanceof Error ? error : new Error(String(error));

  const answer = readAnswer(error, context.method);
  const inner = innermost(answer);
  const verdict = ruleFor(inner);
  return new CantonError({
    ...answer,
    ...context,
    code: inner.code,
    errorId: inner.errorId,
    category: inner.category,
    retryDelayMs: inner.retryDelayMs,
    answered: answer,
    kind: verdict.kind,
    type: verdict.type,
    traceId: answer.traceId ?? context.traceId,
    cause: describe(answer, { advice: adviceOn(answer.code, context), ...verdict }),
  });
}

/** Returns the rule that decides on an answer; the last of the table fits every one. */
export function ruleFor(answer: Answer): ErrorRule {
  return ERROR_RULES.find((rule) => fits(rule, answer))!;
}

function fits(rule: ErrorRule, answer: Answer): boolean {
  const category = rule.category === 'any' ? answer.category : rule.category;
  return (
    (rule.code === undefined || rule.code === answer.code) &&
    (rule.errorId === undefined || rule.errorId === (answer.errorId ?? null)) &&
    (rule.category === undefined || (category !== undefined && category === answer.category)) &&
    (rule.method?.test(answer.method) ?? true) &&
    (rule.text?.test(answer.text) ?? true) &&
    (!rule.metadata || Object.values(answer.metadata).some((value) => rule.metadata?.test(value))) &&
    (!rule.hasRetryDelay || answer.retryDelayMs !== undefined) &&
    (!rule.isRedacted || answer.isRedacted)
  );
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
    ? 'the log of the participant has the reason, under the trace id'
    : answer.text;
  return [reason ? `${cause}: ${reason}` : cause, advice].filter(Boolean).join('; ');
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'metadata' in error && 'details' in error;
}
