import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import { sampleParty, sampleRecord } from '../../bench/sample-export.js';
import { SpoolCipher } from '../../acs/cipher.js';
import { ContractIndexWriter, findIndexed } from '../../acs/contract-index.js';
import { digestExport } from '../../acs/digest-stream.js';
import { AcsDigester } from '../../acs/party-digest.js';
import { ContractReader } from '../../acs/scan.js';
import { frame } from '../../acs/framing.js';
import { pack, stream } from './exports.js';

const PARTIES = [sampleParty('alice'), sampleParty('bob')];
const CONTRACTS = Array.from({ length: 1_200 }, (_, number) =>
  sampleRecord({ number, signatories: [PARTIES[0]!], observers: number % 3 ? [PARTIES[1]!] : [] }),
);

/** An index of all contracts, what they add up to, and their ids. */
async function startIndexed(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'index-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'contracts.index');
  const cipher = new SpoolCipher(randomBytes(32));
  const file = await open(path, 'wx');
  const writer = new ContractIndexWriter(file, cipher);
  const digester = new AcsDigester(PARTIES);
  const reader = new ContractReader();
  const ids: string[] = [];
  for (const contract of CONTRACTS) {
    const record = reader.read(frame(contract));
    digester.add(record);
    writer.add(record, digester.last);
    ids.push(record.contractId);
    if (writer.isFull) await writer.flush();
  }
  await writer.flush();
  await file.close();
  return { path, cipher, digester, ids };
}

const isKept = (_: unknown, at: number) => at % 7 !== 0;

test('acs: what is taken off by the index leaves the digest of what stays', async (t) => {
  const { path, cipher, digester, ids } = await startIndexed(t);
  const gone = ids.filter((_, at) => !isKept(_, at));

  const found = await findIndexed([path], cipher, gone);
  for (const contractId of gone) digester.remove(contractId, found.get(contractId)!);

  const parties = PARTIES;
  const kept = await digestExport(stream(pack(CONTRACTS.filter(isKept))), { parties });
  assert.deepEqual(digester.result(), kept);
});

test('acs: a digest that goes on from another is that of both together', async () => {
  const parties = PARTIES;
  const first = await digestExport(stream(pack(CONTRACTS.slice(0, 500))), { parties });
  const digester = new AcsDigester(parties, first);
  const reader = new ContractReader();

  for (const contract of CONTRACTS.slice(500)) digester.add(reader.read(frame(contract)));

  assert.deepEqual(digester.result(), await digestExport(stream(pack(CONTRACTS)), { parties }));
});

test('acs: what stands behind damage in an index is not found, and neither is what it never had', async (t) => {
  const { path, cipher, ids } = await startIndexed(t);
  const bytes = readFileSync(path);
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  writeFileSync(path, bytes);

  const found = await findIndexed([path], cipher, [...ids, '00ff']);

  assert.ok(found.has(ids[0]!));
  assert.equal(found.has(ids.at(-1)!), false);
  assert.equal(found.has('00ff'), false);
  assert.deepEqual(await findIndexed([`${path}.none`], cipher, ids), new Map());
});
