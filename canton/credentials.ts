import { readFile } from 'node:fs/promises';

import { OAuthCredential, type OAuthOptions } from './oauth.js';
import { CredentialFailure, isToken, type Credential } from './token.js';

/** Where the token of a call comes from: at most one of these. */
export interface CredentialOptions {
  /** Sent as it is. */
  token?: string;
  /** Absolute path; read before each call, so that whoever replaces it tells nobody. */
  tokenFile?: string;
  oauth?: OAuthOptions;
}

/** Returns what gives the calls of one API their tokens; nothing is read or asked for yet. */
export function credentialOf({ token, tokenFile, oauth }: CredentialOptions): Credential {
  if (oauth) return new OAuthCredential(oauth);
  if (tokenFile !== undefined) return new TokenFile(tokenFile);
  return new StaticToken(token);
}

class StaticToken implements Credential {
  readonly description: string;
  constructor(private readonly configured: string | undefined) {
    this.description = configured === undefined ? 'calls without a token' : 'the configured token';
  }

  async token(): Promise<string | undefined> {
    return this.configured;
  }

  async discard(): Promise<boolean> {
    return false;
  }

  close(): void {}
}

class TokenFile implements Credential {
  readonly description: string;
  constructor(private readonly path: string) {
    this.description = `the token of the file ${path}`;
  }

  async token(): Promise<string> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw this.unusable(`cannot be read (${error.code ?? 'unknown error'})`);
    });
    const token = text.trim();
    if (token === '') throw this.unusable('is empty');
    if (!isToken(token)) throw this.unusable('holds something other than one token');
    return token;
  }

  async discard(refused: string): Promise<boolean> {
    return (await this.token().catch(() => undefined)) !== refused;
  }

  close(): void {}

  /** Transient: whoever replaces the file may be doing so now. */
  private unusable(what: string): CredentialFailure {
    return new CredentialFailure(
      'transient',
      'TokenFileUnusable',
      `the token file ${this.path} ${what}`,
    );
  }
}
