import type { FailureType } from '../model/cures.js';

/** Who has to act: `transient` is retried, `refused` needs an operator, `mismatch` is evidence. */
export type AcsErrorKind = 'transient' | 'refused' | 'mismatch';

/** A failure of the ACS engine, with the stable PascalCase name an operator looks up. */
export class AcsError extends Error {
  override readonly name = 'AcsError';

  constructor(
    readonly kind: AcsErrorKind,
    readonly type: FailureType,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The export ended early; reading it again may give all of it. */
export function truncated(message: string, cause?: unknown): AcsError {
  return new AcsError('transient', 'ExportTruncated', message, { cause });
}

/** The bytes are not what a participant exports. */
export function malformed(type: FailureType, message: string, cause?: unknown): AcsError {
  return new AcsError('refused', type, message, { cause });
}

/** The export is not one of the contracts that were planned. */
export function tooLarge(found: string): AcsError {
  return new AcsError('refused', 'ExportTooLarge', `export has ${found}`);
}

const OPERATOR_CODES = new Set([
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'ENAMETOOLONG',
]);

/**
 * Name a failed write to the spool, without its path: that is a matter of the worker alone. A full or forbidden
 * disk is the operator's, anything else may pass.
 */
export function unwritable(error: unknown): AcsError {
  const code = codeOf(error) ?? 'unknown error';
  const kind = OPERATOR_CODES.has(code) ? 'refused' : 'transient';
  return new AcsError(kind, 'SpoolNotWritable', `the spool of the worker cannot be written: ${code}`, {
    cause: error,
  });
}

/** The system or zlib code of an error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
