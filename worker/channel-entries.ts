import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { ChannelOptions } from '../canton/endpoint.js';
import { isToken } from '../canton/token.js';
import type { ChannelEntry } from './configuration-schema.js';

const CREDENTIALS = ['token', 'tokenFile', 'oauth'] as const;

/** Turns what the configuration says of an API into what a channel needs; notes what is wrong with it. */
export class ChannelReader {
  readonly problems: string[] = [];
  /** Paths are relative to `folder`. */
  constructor(private readonly folder: string) {}

  /** Secrets are in no problem, and neither is what a file holds. */
  channel({ tls, tokenFile, oauth, ...rest }: ChannelEntry, field: string): ChannelOptions {
    this.checkCredential({ ...rest, tls, tokenFile, oauth }, field);
    return {
      ...rest,
      ...(tls && { tls: this.tls(tls, field) }),
      ...(tokenFile !== undefined && {
        tokenFile: this.tokenFile(tokenFile, `${field}.tokenFile`),
      }),
      ...(oauth && { oauth: this.oauth(oauth, `${field}.oauth`) }),
    };
  }

  private checkCredential(
    entry: { [K in keyof ChannelEntry]: ChannelEntry[K] | undefined },
    field: string,
  ): void {
    const found = CREDENTIALS.filter((name) => entry[name] !== undefined);
    const [first] = found;
    if (!first) return;
    if (found.length > 1) {
      this.problems.push(
        `${field}: found ${found.join(' and ')}, expected only one of ${CREDENTIALS.join(', ')}`,
      );
    }
    if (entry.token !== undefined && !isToken(entry.token)) {
      const { length } = entry.token;
      this.problems.push(
        `${field}.token: found ${length} characters, not all of a token, expected no space or line break`,
      );
    }
    const host = entry.address?.replace(/:\d+$/, '') ?? '';
    if (!entry.tls && !isLoopback(host)) {
      this.problems.push(
        `${field}.${first}: found a credential without tls, expected tls, or a loopback address: anybody on the way could read the token`,
      );
    }
  }

  private tls({ serverName, ...files }: NonNullable<ChannelEntry['tls']>, field: string) {
    const pem = Object.fromEntries(
      Object.entries(files).map(([name, path]) => [name, this.pem(path, `${field}.tls.${name}`)]),
    );
    return { ...pem, ...(serverName !== undefined && { serverName }) };
  }

  /** Now, so that a missing file is found before a migration needs it. */
  private tokenFile(path: string, field: string): string {
    const bytes = this.read(path, field, 'expected the path of a file that holds a token');
    const token = bytes?.toString().trim();
    if (token !== undefined && !isToken(token)) {
      const what = token === '' ? 'is empty' : 'holds something else than one token';
      this.problems.push(
        `${field}: found ${path}, which ${what}, expected the path of a file that holds a token`,
      );
    }
    return resolve(this.folder, path);
  }

  private oauth({ ca, ...client }: NonNullable<ChannelEntry['oauth']>, field: string) {
    const url = URL.canParse(client.tokenUrl) ? new URL(client.tokenUrl) : undefined;
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
    // Not quoted: what makes it wrong may be a password.
    if (!url || !isSafe || url.username || url.password) {
      this.problems.push(
        `${field}.tokenUrl: found something else, expected an https URL without user and password; http only to a loopback address`,
      );
    }
    return { ...client, ...(ca !== undefined && { ca: this.pem(ca, `${field}.ca`) }) };
  }

  private pem(path: string, field: string): Buffer {
    const expected = 'expected the path of a PEM file';
    const bytes = this.read(path, field, expected);
    if (bytes && !bytes.includes('-----BEGIN ')) {
      this.problems.push(`${field}: found ${path}, which is no PEM, ${expected}`);
    }
    return bytes ?? Buffer.alloc(0);
  }

  private read(path: string, field: string, expected: string): Buffer | undefined {
    try {
      return readFileSync(resolve(this.folder, path));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      this.problems.push(`${field}: found ${path}, which cannot be read (${code}), ${expected}`);
      return undefined;
    }
  }
}

/** Without asking a name server: what it answers may change. */
function isLoopback(host: string): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(host.replace(/^\[(.*)\]$/, '$1'));
}
