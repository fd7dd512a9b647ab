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
    readonly type: string,
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
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    const { exp } = JSON.parse(payload) as { exp?: unknown };
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
