import { readFileSync } from 'node:fs';
import { once } from 'node:events';

import { Command, InvalidArgumentError, Option } from 'commander';

import { MigrationPayloadCodec } from '../../secrets/payload-codec.js';
import { readSecretFile, SecretFileError } from '../../secrets/secret-file.js';
import { isLoopback, startCodecServer } from '../codec-server.js';
import { MigrationError, PAYLOAD_KEYS_VARIABLE } from '../errors.js';
import { keysOf } from '../payload-keys.js';
import { Terminal } from '../terminal.js';

interface CodecServerArguments {
  payloadKeys: string;
  uiOrigin: string;
  listen: Address;
  tokenFile?: string;
  tlsCert?: string;
  tlsKey?: string;
  clientCa?: string;
}

interface Address {
  host: string;
  port: number;
}

const DEFAULT_ADDRESS = '127.0.0.1:8888';

const EXAMPLES = `
Examples:
  $ canton-migrate codec-server --payload-keys payload-keys
  $ temporal server start-dev --ui-codec-endpoint http://127.0.0.1:8888
  $ canton-migrate codec-server --payload-keys payload-keys --listen 0.0.0.0:8888 \\
      --ui-origin https://temporal.example --tls-cert cert.pem --tls-key key.pem --client-ca ca.pem

Whoever reaches it and is let in reads every payload in clear text. Beyond loopback it takes TLS, and a token or
certificates of the clients: in the Web UI, "Include cross-origin credentials" has the browser send its certificate.`;

export function codecServerCommand(): Command {
  return new Command('codec-server')
    .description("show the payloads that a worker encrypts in Temporal's Web UI")
    .addOption(
      new Option('--payload-keys <file>', 'keys that the worker encrypts payloads with')
        .env(PAYLOAD_KEYS_VARIABLE)
        .makeOptionMandatory(),
    )
    .option('--ui-origin <url>', 'origin of the Web UI', originOf, 'http://localhost:8233')
    .addOption(
      new Option('--listen <host:port>', 'where to listen')
        .argParser(addressOf)
        .default(addressOf(DEFAULT_ADDRESS), DEFAULT_ADDRESS),
    )
    .option('--token-file <file>', 'bearer token that requests have to carry')
    .option('--tls-cert <file>', 'PEM file of the certificate')
    .option('--tls-key <file>', 'PEM file of its key')
    .option('--client-ca <file>', 'PEM file of the authority of the certificates of clients')
    .addHelpText('after', EXAMPLES)
    .action(async (options: CodecServerArguments) => {
      const terminal = new Terminal(false);
      try {
        await serve(options, terminal);
      } catch (error) {
        process.exitCode = terminal.fail(error);
      }
    });
}

/** Until SIGINT or SIGTERM. */
async function serve(options: CodecServerArguments, terminal: Terminal): Promise<void> {
  const { payloadKeys, uiOrigin, listen } = options;
  const keys = keysOf(payloadKeys);
  const token = options.tokenFile === undefined ? undefined : secret('--token-file', options.tokenFile);
  const tls = tlsOf(options);
  requireProtection(options);
  const codec = new MigrationPayloadCodec({ keys, compresses: true, unopened: 'pass' });
  const server = await startCodecServer({
    codec,
    uiOrigin,
    ...listen,
    ...(token && { token: token.toString().trim() }),
    ...(tls && { tls }),
  }).catch((error: unknown) => {
    throw notListening(error, listen);
  });
  terminal.print(`codec server at ${server.url}, for the Web UI at ${uiOrigin}`);
  terminal.next(`temporal server start-dev --ui-codec-endpoint ${server.url}`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.close();
}

function requireProtection({ listen, tlsCert, tokenFile, clientCa }: CodecServerArguments): void {
  if (isLoopback(listen.host)) return;
  const isProtected = tlsCert !== undefined && (tokenFile !== undefined || clientCa !== undefined);
  if (isProtected) return;
  throw new MigrationError(
    'usage',
    'CodecServerOpen',
    `--listen: found ${listen.host}, which others can reach, without --tls-cert and one of --token-file, --client-ca`,
    'protect it, or listen on a loopback address',
  );
}

function tlsOf({ tlsCert, tlsKey, clientCa }: CodecServerArguments) {
  if (tlsCert === undefined && tlsKey === undefined && clientCa === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new MigrationError(
      'usage',
      'TlsIncomplete',
      'found one of --tls-cert, --tls-key and --client-ca, expected at least the first two',
      'name certificate and key',
    );
  }
  return {
    cert: pem('--tls-cert', tlsCert),
    key: secret('--tls-key', tlsKey),
    ...(clientCa !== undefined && { ca: pem('--client-ca', clientCa) }),
  };
}

function secret(option: string, path: string): Buffer {
  try {
    const bytes = readSecretFile(path);
    if (bytes.toString().trim() === '') throw new SecretFileError(`found ${path}, which is empty`);
    return bytes;
  } catch (error) {
    if (!(error instanceof SecretFileError)) throw error;
    throw unusable(option, error.message);
  }
}

function pem(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unusable(option, `found ${path}, which cannot be read (${code})`);
  }
}

function unusable(option: string, message: string): MigrationError {
  return new MigrationError(
    'usage',
    'FileUnusable',
    `${option}: ${message}`,
    'name a file that can be used, and repeat the command',
  );
}

function notListening(error: unknown, { host, port }: Address): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const what = code === 'EADDRINUSE' ? 'another process listens there' : message;
  const next = 'choose another address: --listen <host:port>';
  return new MigrationError('unexpected', 'PortNotFree', `${host}:${port}: ${what}`, next);
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && url.origin !== 'null' && /^https?:$/.test(url.protocol)) return url.origin;
  throw new InvalidArgumentError('expected a URL, such as https://temporal.example');
}

function addressOf(text: string): Address {
  const [, host = '', port = ''] = /^(?:\[([0-9A-Fa-f:.]+)\]|[^\s/:[\]]+):\d{1,5}$/.test(text)
    ? (/^(.+):(\d+)$/.exec(text) ?? [])
    : [];
  if (host === '' || Number(port) > 65_535) throw new InvalidArgumentError('expected host:port');
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}
