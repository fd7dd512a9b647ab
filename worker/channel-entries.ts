import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { ChannelOptions } from '../canton/endpoint.js';
import { isToken } from '../canton/token.js';
import { readPayloadKeys, type PayloadKey } from '../secrets/payload-keys.js';
import { readSecretFile, SecretFileError } from '../secrets/secret-file.js';
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
      Object.entries(files).map(([name, path]) => [
        name,
        this.pem(path, `${field}.tls.${name}`, name === 'key'),
      ]),
    );
    return { ...pem, ...(serverName !== undefined && { serverName }) };
  }

  /** Now, so that a missing file is found before a migration needs it. */
  private tokenFile(path: string, field: string): string {
    const bytes = this.secret(path, field, 'expected the path of a file that holds a token');
    const token = bytes?.toString().trim();
    if (token !== undefined && !isToken(token)) {
      const what = token === '' ? 'is empty' : 'holds something else than one token';
      this.problems.push(
        `${field}: found ${path}, which ${what}, expected the path of a file that holds a token`,
      );
    }
    return resolve(this.folder, path);
  }

  private oauth(entry: NonNullable<ChannelEntry['oauth']>, field: string) {
    const { ca, clientSecret, clientSecretFile, ...client } = entry;
    const url = URL.canParse(client.tokenUrl) ? new URL(client.tokenUrl) : undefined;
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
    // Not quoted: what makes it wrong may be a password.
    if (!url || !isSafe || url.username || url.password) {
      this.problems.push(
        `${field}.tokenUrl: found something else, expected an https URL without user and password; http only to a loopback address`,
      );
    }
    return {
      ...client,
      clientSecret: this.oneSecret({ clientSecret, clientSecretFile }, field),
      ...(ca !== undefined && { ca: this.pem(ca, `${field}.ca`) }),
    };
  }

  /** A secret that stands in the configuration, or is what a file holds; empty if there is a problem. */
  oneSecret(entry: Record<string, string | undefined>, field = ''): string {
    const [name = '', other = ''] = Object.keys(entry);
    const at = (key: string) => (field === '' ? key : `${field}.${key}`);
    const [text, path] = [entry[name], entry[other]];
    if ((text === undefined) === (path === undefined)) {
      const found = text === undefined ? 'neither' : 'both';
      this.problems.push(`${at(name)}: found ${found} of ${name} and ${other}, expected one of them`);
      return '';
    }
    if (path === undefined) return text ?? '';
    const expected = 'expected the path of a file that holds a secret';
    const secret = this.secret(path, at(other), expected)?.toString().trim();
    if (secret === '') this.problems.push(`${at(other)}: found ${path}, which is empty, ${expected}`);
    return secret ?? '';
  }

  private pem(path: string, field: string, isSecret = false): Buffer {
    const expected = 'expected the path of a PEM file';
    const bytes = isSecret ? this.secret(path, field, expected) : this.read(path, field, expected);
    if (bytes && !bytes.includes('-----BEGIN ')) {
      this.problems.push(`${field}: found ${path}, which is no PEM, ${expected}`);
    }
    return bytes ?? Buffer.alloc(0);
  }

  /** The keys of a file that payloads are encrypted with. */
  payloadKeys(path: string, field: string): PayloadKey[] {
    const read = () => readPayloadKeys(resolve(this.folder, path), path);
    return this.noting(field, 'expected the path of a file that holds payload keys', read) ?? [];
  }

  /** Only what nobody else may read: key, token, secret. */
  private secret(path: string, field: string, expected: string): Buffer | undefined {
    return this.noting(field, expected, () => readSecretFile(resolve(this.folder, path), path));
  }

  private noting<T>(field: string, expected: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SecretFileError)) throw error;
      const { message } = error;
      this.problems.push(`${field}: ${message}${message.includes(', expected') ? '' : `, ${expected}`}`);
      return undefined;
    }
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
