import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { promisify } from 'node:util';

import type { HandedIn } from '../../model/ceremony.js';
import { linesToSign, type LineToSign } from '../../client/lines-to-sign.js';
import { hostingRequest } from '../support/hosting-signatures.js';
import { page } from './markdown.js';

const run = promisify(execFile);

const DIGESTS = { ED25519: null, EC_DSA_SHA_256: 'sha256', EC_DSA_SHA_384: 'sha384' } as const;

interface Signer {
  line: LineToSign;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** A line for a key of each kind; the first one is of two parties. */
function signers(): Signer[] {
  const pairs = [
    generateKeyPairSync('ed25519'),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ];
  const specs = ['EC_CURVE25519', 'EC_P256', 'EC_P384'];
  return pairs.map(({ privateKey, publicKey }, at) => {
    const request = hostingRequest(publicKey, specs[at]!, at === 0 ? 2 : 1);
    const hostings = { requests: [request], signatures: [] };
    const [line] = linesToSign({ requests: [], hostings });
    return { line: line!, privateKey, publicKey };
  });
}

/** A folder with what was exported, and the keys of all but those signers that are left out. */
function folderWith(t: TestContext, all: Signer[], held = all): string {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-signing-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'keys'));
  const lines = all.map(({ line }) => `${JSON.stringify(line)}\n`);
  writeFileSync(join(folder, 'to-sign.jsonl'), lines.join(''));
  for (const { line, privateKey } of held) {
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
    writeFileSync(join(folder, 'keys', `${line.signedBy}.pem`), pem);
  }
  return folder;
}

function assertSigned(folder: string, expected: Signer[]): void {
  const lines = readFileSync(join(folder, 'signed.jsonl'), 'utf8').trimEnd().split('\n');
  const signed = lines.map((line) => JSON.parse(line) as HandedIn);
  assert.deepEqual(
    signed.map(({ hash }) => hash),
    expected.map(({ line }) => line.hash),
  );
  for (const [at, { line, publicKey }] of expected.entries()) {
    const bytes = Buffer.from(line.toSign, 'base64');
    const signature = Buffer.from(signed[at]!.signature, 'base64');
    assert.ok(verify(DIGESTS[line.algorithm], bytes, publicKey, signature), line.algorithm);
  }
}

function block(language: string): string {
  const [, found = ''] =
    new RegExp(`\`\`\`${language}\n([^]*?)\n\`\`\``).exec(page('operating/signatures.md')) ?? [];
  assert.notEqual(found, '', `no example in ${language}`);
  return found;
}

test('signatures: the script for openssl signs every line whose key is there, with each kind of key', async (t) => {
  const all = signers();
  const held = [all[0]!, all[2]!];
  const some = folderWith(t, all, held);
  await run('sh', ['-c', block('sh'), 'sign.sh', 'to-sign.jsonl', 'signed.jsonl'], { cwd: some });
  assertSigned(some, held);

  const folder = folderWith(t, all);
  await run('sh', ['-c', block('sh'), 'sign.sh', 'to-sign.jsonl', 'signed.jsonl'], { cwd: folder });
  assertSigned(folder, all);
});

test('signatures: the script for a custody system signs every line by its API', async (t) => {
  const all = signers();
  const folder = folderWith(t, all, []);
  const server = createServer((request, response) => {
    void json(request).then((asked) => {
      const { key, algorithm, bytes, reason } = asked as Record<string, string>;
      const { privateKey } = all.find(({ line }) => line.signedBy === key)!;
      assert.match(reason!, /hosted by/);
      const digest = DIGESTS[algorithm as keyof typeof DIGESTS];
      const signature = sign(digest, Buffer.from(bytes!, 'base64'), createPrivateKey(pemOf(privateKey)));
      response.end(JSON.stringify({ signature: signature.toString('base64') }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, 'sign.mjs'), block('js'));

  await run(process.execPath, ['sign.mjs'], {
    cwd: folder,
    env: { ...process.env, CUSTODY_URL: url, CUSTODY_TOKEN: 'none' },
  });

  assertSigned(folder, all);
});

function pemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

test('signatures: the page names every field of a line', () => {
  const [{ line }] = signers() as [Signer];
  const text = page('operating/signatures.md');
  for (const field of [...Object.keys(line), 'providedBy'])
    assert.ok(text.includes(`| \`${field}\` |`), field);
});
