import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { SwitchHook } from '../activities/nodes/switch-hook.js';
import type { ChannelOptions } from '../canton/endpoint.js';
import { useOf, type OAuthOptions } from '../canton/oauth.js';
import { isToken } from '../canton/token.js';
import type { TlsOptions } from '../canton/transport.js';
import type { SigningKey } from '../report/seal.js';
import { fingerprintOf } from '../report/verify.js';
import { readPayloadKeys, type PayloadKey } from '../secrets/payload-keys.js';
import { readSecretFile, SecretFileError } from '../secrets/secret-file.js';
import type { ChannelEntry, SwitchHookEntry } from './configuration-schema.js';

const CREDENTIALS = ['token', 'tokenFile', 'oauth'] as const;

/** Turns what the configuration says of an API into what a channel needs; notes what is wrong with it. */
export class ChannelReader {
  readonly problems: string[] = [];
  /** Paths are relative to `folder`. */
  constructor(private readonly folder: string) {}

  /** Secrets are in no problem, and neither is what a file holds. */
  channel(entry: ChannelEntry, field: string): ChannelOptions {
    const { tls, tokenFile, oauth, insecure = false, ...rest } = entry;
    this.checkCredential(entry, field);
    this.checkTransport(entry, insecure, field);
    return {
      ...rest,
      ...(tls && { tls: this.tls(tls, field) }),
      ...(tokenFile !== undefined && {
        tokenFile: this.tokenFile(tokenFile, `${field}.tokenFile`),
      }),
      ...(oauth && { oauth: this.oauth(oauth, `${field}.oauth`) }),
    };
  }

  /** The hook that moves the clients: over https, with at most one token. */
  switchHook({ url, token, tokenFile, tls }: SwitchHookEntry, field: string): SwitchHook {
    // Not quoted: what makes it wrong may be a password.
    if (!isSafeUrl(url)) {
      this.problems.push(
        `${field}.url: found something else, expected an https URL without user and password; http only to a loopback address`,
      );
    }
    if (token !== undefined && tokenFile !== undefined)
      this.problems.push(`${field}: found token and tokenFile, expected only one of them`);
    if (token !== undefined) this.checkToken(token, field);
    return {
      url,
      ...(token !== undefined && { token }),
      ...(tokenFile !== undefined && { tokenFile: this.tokenFile(tokenFile, `${field}.tokenFile`) }),
      ...(tls && { tls: this.tls(tls, field) }),
    };
  }

  /** With a credential nothing helps but TLS; without one the operator has to say that plain text is meant. */
  private checkTransport(entry: ChannelEntry, insecure: boolean, field: string): void {
    const { address, tls } = entry;
    if (tls && insecure) {
      this.problems.push(`${field}.insecure: found true beside tls, expected only one of them`);
    }
    const hasCredential = CREDENTIALS.some((name) => entry[name] !== undefined);
    if (tls || insecure || hasCredential || isLoopback(hostOf(address))) return;
    this.problems.push(
      `${field}: found ${address} without tls, expected tls, or a loopback address: anybody on the network path could read and change what is sent to the node. If that network is trusted all the same, set insecure: true here`,
    );
  }

  private checkToken(token: string, field: string): void {
    if (isToken(token)) return;
    this.problems.push(
      `${field}.token: found ${token.length} characters, not all of a token, expected no space or line break`,
    );
  }

  private checkCredential(entry: ChannelEntry, field: string): void {
    const found = CREDENTIALS.filter((name) => entry[name] !== undefined);
    const [first] = found;
    if (!first) return;
    if (found.length > 1) {
      this.problems.push(
        `${field}: found ${found.join(' and ')}, expected only one of ${CREDENTIALS.join(', ')}`,
      );
    }
    if (entry.token !== undefined) this.checkToken(entry.token, field);
    if (!entry.tls && !isLoopback(hostOf(entry.address))) {
      this.problems.push(
        `${field}.${first}: found a credential without tls, expected tls, or a loopback address: anybody on the network path could read the token`,
      );
    }
  }

  private tls({ serverName, ...files }: NonNullable<ChannelEntry['tls']>, field: string): TlsOptions {
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
      const what = token === '' ? 'is empty' : 'holds something other than one token';
      this.problems.push(
        `${field}: found ${path}, which ${what}, expected the path of a file that holds a token`,
      );
    }
    return resolve(this.folder, path);
  }

  private oauth(entry: NonNullable<ChannelEntry['oauth']>, field: string) {
    const { ca, tokenUrl, clientId, clientAuth, clientKeyId, scope, audience } = entry;
    // Not quoted: what makes it wrong may be a password.
    if (!isSafeUrl(tokenUrl)) {
      this.problems.push(
        `${field}.tokenUrl: found something else, expected an https URL without user and password; http only to a loopback address`,
      );
    }
    return {
      ...{ tokenUrl, clientId },
      ...(clientAuth !== undefined && { clientAuth }),
      ...this.clientCredential(entry, field),
      ...(clientKeyId !== undefined && { clientKeyId }),
      ...(scope !== undefined && { scope }),
      ...(audience !== undefined && { audience }),
      ...(ca !== undefined && { ca: this.pem(ca, `${field}.ca`) }),
    };
  }

  /** Of the kind that `clientAuth` takes, and none of the other. */
  private clientCredential(
    entry: NonNullable<ChannelEntry['oauth']>,
    field: string,
  ): Pick<OAuthOptions, 'clientSecret' | 'clientKey'> {
    const { clientAuth = 'basic', clientSecret, clientSecretFile, clientKeyFile } = entry;
    const isByKey = clientAuth === 'private_key_jwt';
    const others = isByKey
      ? (['clientSecret', 'clientSecretFile'] as const)
      : (['clientKeyFile', 'clientKeyId'] as const);
    for (const name of others.filter((its) => entry[its] !== undefined))
      this.problems.push(`${field}.${name}: found with clientAuth ${clientAuth}, which does not use it`);
    if (!isByKey) return { clientSecret: this.oneSecret({ clientSecret, clientSecretFile }, field) };
    if (clientKeyFile === undefined) {
      this.problems.push(
        `${field}.clientKeyFile: found none, expected the path of a private key: clientAuth is ${clientAuth}`,
      );
      return {};
    }
    return this.clientKey(clientKeyFile, `${field}.clientKeyFile`);
  }

  /** What OpenSSL says of a key that it cannot read may hold some of it. */
  private clientKey(path: string, field: string): Pick<OAuthOptions, 'clientKey'> {
    const pem = this.pem(path, field, true);
    if (!pem.includes('-----BEGIN ')) return {};
    const clientKey = privateKeyOf(pem);
    if (clientKey && useOf(clientKey)) return { clientKey };
    this.problems.push(
      `${field}: found ${path}, which is not such a key, expected a private key without a password: RSA of 2048 bits or more, ECDSA on P-256, P-384 or P-521, or Ed25519`,
    );
    return {};
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
      this.problems.push(`${field}: found ${path}, which is not PEM, ${expected}`);
    }
    return bytes ?? Buffer.alloc(0);
  }

  /** The keys of a file that payloads are encrypted with. */
  payloadKeys(path: string, field: string): PayloadKey[] {
    const read = () => readPayloadKeys(resolve(this.folder, path), path);
    return this.noting(field, 'expected the path of a file that holds payload keys', read) ?? [];
  }

  /** The private key that signs reports; nothing if there is a problem. */
  signingKey(path: string, field: string): SigningKey | undefined {
    const pem = this.pem(path, field, true);
    if (!pem.includes('-----BEGIN ')) return undefined;
    const key = privateKeyOf(pem);
    if (key?.asymmetricKeyType === 'ed25519') return { key, fingerprint: fingerprintOf(key) };
    this.problems.push(
      `${field}: found ${path}, which is not such a key, expected an Ed25519 private key without a password, as openssl genpkey -algorithm ed25519 makes it`,
    );
    return undefined;
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

function privateKeyOf(pem: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/** `https`, or `http` to this machine; without user and password. */
function isSafeUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  return isSafe && !url?.username && !url?.password;
}

function hostOf(address: string): string {
  return address.replace(/:\d+$/, '');
}

/** Without asking a name server: what it answers may change. */
export function isLoopback(host: string): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(host.replace(/^\[(.*)\]$/, '$1'));
}
