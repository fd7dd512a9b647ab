import type { FailureType } from '../model/cures.js';
import type { FailureKind } from '../model/failure.js';

/** Gives each call its token. The token itself is in no description and no failure. */
export interface Credential {
  /** For messages, after "the Admin API does not accept". */
  readonly description: string;
  /** Nothing if calls carry no token. Fails with a {@link CredentialFailure}. */
  token(): Promise<string | undefined>;
  /** Gives up a token that the participant does not accept; returns whether there is another one. */
  discard(refused: string): Promise<boolean>;
  close(): void;
}

/** A token that cannot be had. Its message goes to operators and into histories. */
export class CredentialFailure extends Error {
  override readonly name = 'CredentialFailure';
  constructor(
    readonly kind: FailureKind,
    readonly type: FailureType,
    message: string,
  ) {
    super(message);
  }
}

/** What a token holds besides itself would break the header, whose error would quote it. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** When a JSON web token expires, UTC milliseconds; nothing if it does not say, or is of another kind. */
export function expiryOf(token: string): number | undefined {
  return timesOf(token).exp;
}

/** The longest life of a token that Canton accepts unless it is configured otherwise. Source: networks J, item 11. */
const MAX_LIFE_MS = 5 * 60_000;

/**
 * What of a token's life may be why it is not accepted, to follow its description; empty if nothing.
 *
 * Canton says of a token that lives too long no more than of one that has expired.
 */
export function lifeNote(token: string | undefined): string {
  const { exp, iat, nbf } = timesOf(token ?? '');
  const now = Date.now();
  if (exp === undefined) return '';
  if (exp <= now) return `, which expired at ${new Date(exp).toISOString()}`;
  const lifeMs = exp - (iat ?? nbf ?? now);
  if (lifeMs <= MAX_LIFE_MS) return '';
  const seconds = Math.round(lifeMs / 1000);
  return `, which lives ${seconds} s: without a longer max-token-lifetime a node accepts ${MAX_LIFE_MS / 1000} s at most`;
}

/** Of a date. */
const MAX_SECONDS = 8.64e12;

/** The times that a JSON web token names, UTC milliseconds. */
function timesOf(token: string): Partial<Record<'exp' | 'iat' | 'nbf', number>> {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    const claims = JSON.parse(payload) as Record<string, unknown>;
    const times = (['exp', 'iat', 'nbf'] as const).flatMap((name) => {
      const seconds = claims[name];
      return typeof seconds === 'number' && Math.abs(seconds) <= MAX_SECONDS
        ? [[name, seconds * 1000]]
        : [];
    });
    return Object.fromEntries(times) as ReturnType<typeof timesOf>;
  } catch {
    return {};
  }
}
