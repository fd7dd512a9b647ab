import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { digestExport } from '../../acs/digest-stream.js';
import { readManifest } from '../../acs/manifest.js';
import { openShard } from '../../acs/shards.js';
import { readShards, removeSpool, writeSpool } from '../../acs/spool.js';
import type { SpoolManifest, SpoolShard } from '../../model/acs.js';
import {
  SAMPLE_PACKAGE,
  sampleContractId,
  sampleRecord,
  sampleRecords,
} from '../../bench/sample-export.js';
import { collect, golden, KEY, newFolder, pack, spoolOptions, stream, unpack } from './exports.js';

const records = [...sampleRecords(2500)];
const packed = pack(records);

async function recordsOf(folder: string, manifest: SpoolManifest): Promise<Buffer[][]> {
  const shards: Buffer[][] = [];
  for await (const shard of readShards(folder, manifest)) shards.push(unpack(await collect(shard)));
  return shards;
}

test('acs: a spool holds the records of the export in order, in shards of whole contracts', async (t) => {
  const folder = await newFolder(t);
  const manifest = await writeSpool(
    stream(packed, () => 777),
    spoolOptions(folder),
  );
  const shards = await recordsOf(folder, manifest);

  assert.deepEqual(
    shards.map((shard) => shard.length),
    [1000, 1000, 500],
  );
  assert.deepEqual(
    manifest.shards.map(({ contractCount }) => contractCount),
    [1000, 1000, 500],
  );
  assert.deepEqual(shards.flat(), records);
});

test('acs: the manifest has the digests of the export and is read back as written', async (t) => {
  const folder = await newFolder(t);
  const options = spoolOptions(folder);
  const manifest = await writeSpool(stream(packed), options);
  const { total, parties, buckets, key, exportBytes } = manifest;

  assert.deepEqual({ total, parties, buckets }, await digestExport(stream(packed), options));
  assert.deepEqual(key, KEY);
  assert.equal(exportBytes, packed.length);
  assert.deepEqual(await readManifest(folder, KEY), { manifest });
});

test('acs: a recorded export is spooled into the same records', async (t) => {
  const folder = await newFolder(t);
  const source = await golden('happy');
  const ids = await readFile(new URL('../golden/ids.json', import.meta.url), 'utf8');
  const packageIds = new Set(ids.match(/\b[0-9a-f]{64}\b/g));
  const targetSynchronizerId = /syncB::1220[0-9a-f]{64}/.exec(
    unpack(source)[0]?.toString('latin1') ?? '',
  )?.[0];
  const changes = { packageIds, targetSynchronizerId: targetSynchronizerId ?? '', shardContracts: 3 };

  const manifest = await writeSpool(
    stream(source, () => 100),
    spoolOptions(folder, changes),
  );

  assert.deepEqual((await recordsOf(folder, manifest)).flat(), unpack(source));
  assert.equal(manifest.shards.length, 3);
});

test('acs: an export of zero contracts gives a manifest of zero shards', async (t) => {
  const folder = await newFolder(t);
  const empty = Buffer.from('1f8b08000000000000ff03000000000000000000', 'hex');
  const manifest = await writeSpool(stream(empty), spoolOptions(folder));
  assert.deepEqual([manifest.shards, manifest.total.contractCount], [[], 0]);
  assert.deepEqual(await readdir(folder), ['manifest.json']);
});

test('acs: spool files are readable by their owner only, also in a folder that was there', async (t) => {
  const folder = await newFolder(t);
  await mkdir(folder, { mode: 0o755 });
  await writeSpool(stream(packed), spoolOptions(folder));
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  for (const file of await readdir(folder))
    assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600);
});

test('acs: progress never goes back and ends with all contracts and bytes', async (t) => {
  const folder = await newFolder(t);
  const seen: number[] = [];
  let last = { contractCount: 0, exportBytes: 0 };
  const onProgress = (progress: typeof last): void => void seen.push((last = progress).contractCount);
  await writeSpool(
    stream(packed, () => 5000),
    spoolOptions(folder, { onProgress }),
  );
  assert.deepEqual(last, { contractCount: 2500, exportBytes: packed.length });
  assert.deepEqual(
    seen,
    [...seen].sort((one, other) => one - other),
  );
});

test('acs: a second spool in the same folder replaces the first', async (t) => {
  const folder = await newFolder(t);
  await writeSpool(stream(packed), spoolOptions(folder, { shardContracts: 100 }));
  const manifest = await writeSpool(stream(packed), spoolOptions(folder));
  assert.deepEqual(await readdir(folder), ['manifest.json', ...manifest.shards.map(({ file }) => file)]);
});

// The gzip is whole, the call is not: what a participant sends when it fails half-way.
test('acs: an export whose call failed leaves nothing behind, even if its gzip is valid', async (t) => {
  const folder = await newFolder(t);
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield packed;
    throw new Error('IO_STREAM_REPAIR_ERROR');
  }
  await assert.rejects(writeSpool(failing(), spoolOptions(folder)), {
    message: 'IO_STREAM_REPAIR_ERROR',
  });
  await assert.rejects(stat(folder), { code: 'ENOENT' });

  const finished = async (): Promise<void> => Promise.reject(new Error('ABORTED'));
  await assert.rejects(writeSpool(stream(packed), spoolOptions(folder, { finished })), {
    message: 'ABORTED',
  });
  assert.equal((await readManifest(folder, KEY)).reason, 'absent');
});

test('acs: a failed repeat also removes the spool that was there', async (t) => {
  const folder = await newFolder(t);
  await writeSpool(stream(packed), spoolOptions(folder));
  const short = packed.subarray(0, packed.length / 2);
  await assert.rejects(writeSpool(stream(short), spoolOptions(folder)), { type: 'ExportTruncated' });
  assert.equal((await readManifest(folder, KEY)).reason, 'absent');
});

test('acs: a second gzip member leaves no spool', async (t) => {
  const folder = await newFolder(t);
  const two = Buffer.concat([packed, gzipSync('more')]);
  await assert.rejects(writeSpool(stream(two), spoolOptions(folder)), { type: 'ExportTrailingBytes' });
  await assert.rejects(stat(folder), { code: 'ENOENT' });
});

test(
  'acs: cancelling ends a spool with the reason given and leaves nothing',
  { timeout: 10_000 },
  async (t) => {
    const folder = await newFolder(t);
    const cancel = new AbortController();
    const options = spoolOptions(folder, {
      signal: cancel.signal,
      shardContracts: 100,
      onProgress: ({ contractCount }) => contractCount > 500 && cancel.abort(new Error('cancelled')),
    });
    await assert.rejects(
      writeSpool(
        stream(packed, () => 5000),
        options,
      ),
      { message: 'cancelled' },
    );
    await assert.rejects(stat(folder), { code: 'ENOENT' });
  },
);

test('acs: a spool of another key, an absent and a damaged one are not used, and it is said why', async (t) => {
  const folder = await newFolder(t);
  assert.equal((await readManifest(folder, KEY)).reason, 'absent');

  const { shards } = await writeSpool(stream(packed), spoolOptions(folder));
  const other = await readManifest(folder, { ...KEY, pinnedOffset: '43' });
  assert.deepEqual(other, { reason: 'other-key', detail: 'spool has pinnedOffset 42, expected 43' });

  await truncate(join(folder, shards[1]?.file ?? ''), 10);
  const short = await readManifest(folder, KEY);
  assert.match(
    short.manifest ? '' : `${short.reason}: ${short.detail}`,
    /^damaged: shard-0002.gz has 10 bytes/,
  );

  const text = await readFile(join(folder, 'manifest.json'), 'utf8');
  for (const damaged of [
    text.slice(0, -20),
    text.replace('"contractCount":1000', '"contractCount":1001'),
    '{}',
    '',
  ]) {
    await writeFile(join(folder, 'manifest.json'), damaged);
    assert.equal((await readManifest(folder, KEY)).reason, 'damaged');
  }
});

test('acs: a shard altered, shortened or gone is found before its first byte is sent', async (t) => {
  const folder = await newFolder(t);
  const [shard] = (await writeSpool(stream(packed), spoolOptions(folder))).shards as [SpoolShard];
  const path = join(folder, shard.file);
  const bytes = await readFile(path);
  const damaged = { type: 'ShardDamaged', kind: 'mismatch' };

  assert.deepEqual(await collect(await openShard(folder, shard)), bytes);
  bytes[500] = (bytes[500] ?? 0) ^ 1;
  await writeFile(path, bytes);
  await assert.rejects(openShard(folder, shard), damaged);
  await truncate(path, bytes.length - 1);
  await assert.rejects(openShard(folder, shard), damaged);
  await rm(path);
  await assert.rejects(openShard(folder, shard), damaged);
});

test('acs: removing a spool leaves foreign files and may be repeated', async (t) => {
  const folder = await newFolder(t);
  await writeSpool(stream(packed), spoolOptions(folder));
  await writeFile(join(folder, 'notes.txt'), 'keep');
  await removeSpool(folder);
  assert.deepEqual(await readdir(folder), ['notes.txt']);
  await rm(join(folder, 'notes.txt'));
  await removeSpool(folder);
  await removeSpool(folder);
  await assert.rejects(stat(folder), { code: 'ENOENT' });
});

test('acs: a folder that cannot be made is refused by name', async (t) => {
  const file = await newFolder(t);
  await writeFile(file, '');
  const failure = { type: 'SpoolNotWritable', kind: 'refused' };
  await assert.rejects(writeSpool(stream(packed), spoolOptions(join(file, 'spool'))), failure);
});

test('acs: contracts that would poison the import are refused by name, up to 20 and the total', async (t) => {
  const folder = await newFolder(t);
  const refusals = [
    { type: 'ContractWithoutEvent', changes: { hasEvent: false } },
    { type: 'ContractWithoutBlob', changes: { hasBlob: false } },
    { type: 'ContractReassigned', changes: { reassignmentCounter: 1 } },
    { type: 'ContractOnOtherSynchronizer', changes: { synchronizerId: 'A::1220' } },
    {
      type: 'ContractPackageMissing',
      changes: { representativePackageId: 'ab', templatePackageId: 'ab' },
    },
    { type: 'ContractDuplicated', changes: { contractId: sampleContractId(3) } },
  ];
  for (const { type, changes } of refusals) {
    const poison = Array.from({ length: 25 }, (_, at) =>
      sampleRecord({ number: 5000 + at, ...changes }),
    );
    const source = stream(pack([...records.slice(0, 10), ...poison, ...records.slice(10, 20)]));
    const refused = writeSpool(source, spoolOptions(folder));
    await assert.rejects(refused, {
      type,
      kind: 'refused',
      message: /export has 25 with .*and 5 more$/,
    });
    await assert.rejects(stat(folder), { code: 'ENOENT' });
  }
});

test('acs: all flaws of an export are in one refusal', async (t) => {
  const folder = await newFolder(t);
  const poison = [
    sampleRecord({ number: 1, reassignmentCounter: 2 }),
    sampleRecord({ number: 2, hasEvent: false }),
  ];
  const message = `export has 1 with no created event, which a contract under reassignment leaves behind: record 2; \
export has 1 with a reassignment counter above 0: ${sampleContractId(1)}`;
  await assert.rejects(writeSpool(stream(pack(poison)), spoolOptions(folder)), { message });
});

test('acs: one of representative and template package at the target is enough', async (t) => {
  const folder = await newFolder(t);
  const either = [
    sampleRecord({ number: 1, representativePackageId: 'ab' }),
    sampleRecord({ number: 2, templatePackageId: 'ab' }),
    sampleRecord({ number: 3, representativePackageId: '', templatePackageId: SAMPLE_PACKAGE }),
  ];
  assert.equal((await writeSpool(stream(pack(either)), spoolOptions(folder))).total.contractCount, 3);
});
