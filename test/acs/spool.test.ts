import assert from 'node:assert/strict';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { digestExport } from '../../acs/digest-stream.js';
import { ensureNoLink, ensurePrivate } from '../../acs/private-folder.js';
import { addDigests } from '../../acs/party-digest.js';
import { SpoolCipher } from '../../acs/cipher.js';
import { gzipMemberOf } from '../../acs/segment.js';
import {
  findSpool,
  listSpools,
  readSegments,
  removeSpool,
  writeSpool,
  type SpoolOptions,
} from '../../acs/spool.js';
import type { SpoolSegment } from '../../model/acs.js';
import {
  SAMPLE_PACKAGE,
  sampleContractId,
  sampleRecord,
  sampleRecords,
} from '../../bench/sample-export.js';
import {
  CIPHER,
  collect,
  golden,
  KEY,
  newFolder,
  pack,
  spoolOptions,
  stream,
  unpack,
} from './exports.js';

const records = [...sampleRecords(2500)];
const packed = pack(records);

const FILES = ['manifest', 'owner', 'segments.bin', 'source.index'];
const place = (folder: string, cipher = CIPHER) => ({ folder, cipher });
const write = (source: AsyncIterable<Uint8Array>, folder: string, changes: Partial<SpoolOptions> = {}) =>
  writeSpool(source, place(folder), spoolOptions(changes));
const reasonOf = async (folder: string, cipher = CIPHER) =>
  (await findSpool(place(folder, cipher), KEY)).reason;

/** The records of the one gzip member that these segments make. */
async function recordsOf(folder: string, segments: readonly SpoolSegment[]): Promise<Buffer[]> {
  return unpack(await collect(gzipMemberOf(readSegments(place(folder), segments))));
}

test('acs: any run of segments is one snapshot of the records in their order', async (t) => {
  const folder = await newFolder(t);
  const { segments } = await write(
    stream(packed, () => 777),
    folder,
  );

  assert.deepEqual(
    segments.map(({ contractCount }) => contractCount),
    [500, 500, 500, 500, 500],
  );
  for (const [from, to] of [
    [0, 5],
    [0, 1],
    [1, 4],
    [4, 5],
  ] as const) {
    const run = await recordsOf(folder, segments.slice(from, to));
    assert.deepEqual(run, records.slice(from * 500, to * 500));
  }
});

test('acs: a segment can be read as soon as it is told of, before the export ends', async (t) => {
  const folder = await newFolder(t);
  const told: SpoolSegment[] = [];
  let readEarly: Buffer[] = [];
  async function* slowly(): AsyncGenerator<Uint8Array> {
    yield packed.subarray(0, packed.length / 2);
    while (told.length === 0) await new Promise(setImmediate);
    readEarly = await recordsOf(folder, told.slice(0, 1));
    yield packed.subarray(packed.length / 2);
  }

  const { segments } = await write(slowly(), folder, { onSegment: (segment) => told.push(segment) });

  assert.deepEqual(readEarly, records.slice(0, 500));
  assert.deepEqual(told, segments);
});

test('acs: the manifest has the digests of the export and is read back as written', async (t) => {
  const folder = await newFolder(t);
  const options = spoolOptions();
  const manifest = await write(stream(packed), folder);
  const { total, packages, parties, buckets, key, exportBytes } = manifest;

  assert.deepEqual({ total, packages, parties, buckets }, await digestExport(stream(packed), options));
  assert.deepEqual(key, KEY);
  assert.equal(exportBytes, packed.length);
  assert.deepEqual(await findSpool(place(folder), KEY), { manifest });
  assert.equal(manifest.segments.map(({ digest }) => digest).reduce(addDigests), manifest.total.digest);
});

test('acs: a recorded export is spooled into the same records', async (t) => {
  const folder = await newFolder(t);
  const source = await golden('happy');
  const ids = await readFile(new URL('../golden/ids.json', import.meta.url), 'utf8');
  const packageIds = new Set(ids.match(/\b[0-9a-f]{64}\b/g));
  const targetSynchronizerId = /syncB::1220[0-9a-f]{64}/.exec(
    unpack(source)[0]?.toString('latin1') ?? '',
  )?.[0];
  const changes = { packageIds, targetSynchronizerId: targetSynchronizerId ?? '', segmentContracts: 3 };

  const { segments } = await write(
    stream(source, () => 100),
    folder,
    changes,
  );

  assert.deepEqual(await recordsOf(folder, segments), unpack(source));
  assert.equal(segments.length, 3);
});

test('acs: an export of zero contracts gives a manifest of zero segments', async (t) => {
  const folder = await newFolder(t);
  const empty = Buffer.from('1f8b08000000000000ff03000000000000000000', 'hex');
  const manifest = await write(stream(empty), folder);
  assert.deepEqual([manifest.segments, manifest.total.contractCount], [[], 0]);
  assert.deepEqual(await findSpool(place(folder), KEY), { manifest });
});

test('acs: spool files are readable by their owner only, also in a folder that was there', async (t) => {
  const folder = await newFolder(t);
  await mkdir(folder, { mode: 0o755 });
  await write(stream(packed), folder);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  for (const file of await readdir(folder))
    assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600);
});

test('acs: progress never goes back and ends with all contracts and bytes', async (t) => {
  const folder = await newFolder(t);
  const seen: number[] = [];
  let last = { contractCount: 0, exportBytes: 0 };
  const onProgress = (progress: typeof last): void => void seen.push((last = progress).contractCount);
  await write(
    stream(packed, () => 5000),
    folder,
    { onProgress },
  );
  assert.deepEqual(last, { contractCount: 2500, exportBytes: packed.length });
  assert.deepEqual(
    seen,
    [...seen].sort((one, other) => one - other),
  );
});

test('acs: a second spool in the same folder replaces the first', async (t) => {
  const folder = await newFolder(t);
  await write(stream(packed), folder, { segmentContracts: 100 });
  const manifest = await write(stream(packed), folder);
  assert.deepEqual(await readdir(folder), FILES);
  assert.deepEqual(await findSpool(place(folder), KEY), { manifest });
});

// The gzip is whole, the call is not: what a participant sends when it fails half-way.
test('acs: an export whose call failed leaves nothing behind, even if its gzip is valid', async (t) => {
  const folder = await newFolder(t);
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield packed;
    throw new Error('IO_STREAM_REPAIR_ERROR');
  }
  await assert.rejects(write(failing(), folder), { message: 'IO_STREAM_REPAIR_ERROR' });
  await assert.rejects(stat(folder), { code: 'ENOENT' });
  assert.equal(await reasonOf(folder), 'absent');
});

test('acs: a failed repeat also removes the spool that was there', async (t) => {
  const folder = await newFolder(t);
  await write(stream(packed), folder);
  const short = packed.subarray(0, packed.length / 2);
  await assert.rejects(write(stream(short), folder), { type: 'ExportTruncated' });
  assert.equal(await reasonOf(folder), 'absent');
});

test('acs: an export of many more contracts than were planned is refused and leaves nothing', async (t) => {
  const folder = await newFolder(t);
  const many = write(
    stream(packed, () => 777),
    folder,
    { maxContracts: 1000 },
  );
  await assert.rejects(many, { type: 'ExportTooLarge', message: 'export has more than 1000 contracts' });
  await assert.rejects(readdir(folder), { code: 'ENOENT' });
});

test('acs: a second gzip member leaves no spool', async (t) => {
  const folder = await newFolder(t);
  const two = Buffer.concat([packed, gzipSync('more')]);
  await assert.rejects(write(stream(two), folder), { type: 'ExportTrailingBytes' });
  await assert.rejects(stat(folder), { code: 'ENOENT' });
});

test(
  'acs: cancelling ends a spool with the reason given and leaves nothing',
  { timeout: 10_000 },
  async (t) => {
    const folder = await newFolder(t);
    const cancel = new AbortController();
    await assert.rejects(
      write(
        stream(packed, () => 5000),
        folder,
        {
          signal: cancel.signal,
          onProgress: ({ contractCount }) => contractCount > 500 && cancel.abort(new Error('cancelled')),
        },
      ),
      { message: 'cancelled' },
    );
    await assert.rejects(stat(folder), { code: 'ENOENT' });
  },
);

test('acs: a spool of another export, with another spool key, an absent and a damaged one are not used, and it is said why', async (t) => {
  const folder = await newFolder(t);
  assert.equal(await reasonOf(folder), 'absent');

  await write(stream(packed), folder);
  const other = await findSpool(place(folder), { ...KEY, offset: '43' });
  assert.deepEqual(other, { reason: 'other-key', detail: 'spool has offset 42, expected 43' });
  assert.equal(await reasonOf(folder, new SpoolCipher(Buffer.alloc(32, 2))), 'wrong-spool-key');

  const path = join(folder, 'manifest');
  const text = await readFile(path, 'utf8');
  const middle = Math.floor(text.length / 2);
  const flipped = text[middle] === 'A' ? 'B' : 'A';
  for (const damaged of [
    text.slice(0, -20),
    text.slice(0, middle) + flipped + text.slice(middle + 1),
    '{}',
    '',
  ]) {
    await writeFile(path, damaged);
    assert.equal(await reasonOf(folder), 'damaged');
  }
  await writeFile(path, text);
  await truncate(join(folder, 'segments.bin'), 10);
  assert.equal(await reasonOf(folder), 'damaged');
  await rm(join(folder, 'segments.bin'));
  const gone = await findSpool(place(folder), KEY);
  assert.deepEqual(gone, { reason: 'damaged', detail: 'the segments cannot be read: ENOENT' });
});

test('acs: a segment altered, moved, shortened or gone is found before it is given, and those before it are given', async (t) => {
  const folder = await newFolder(t);
  const { segments } = await write(stream(packed), folder);
  const [first, second] = segments as [SpoolSegment, SpoolSegment];
  const path = join(folder, 'segments.bin');
  const bytes = await readFile(path);
  const damaged = { type: 'ShardDamaged', kind: 'mismatch' };
  let given: number[] = [];
  const reading = async (its = segments) => {
    given = [];
    for await (const { segment } of readSegments(place(folder), its)) given.push(segment.position);
  };
  const allButLast = segments.slice(0, -1).map(({ position }) => position);

  bytes[bytes.length - 40] = (bytes.at(-40) ?? 0) ^ 1;
  await writeFile(path, bytes);
  await assert.rejects(reading(), damaged);
  assert.deepEqual(given, allButLast);
  bytes[bytes.length - 40] = (bytes.at(-40) ?? 0) ^ 1;
  await writeFile(path, bytes);
  assert.deepEqual(await recordsOf(folder, segments), records);

  // Somebody who knows the format, but not the key, puts one segment in the place of another.
  const moved = { ...first, position: second.position };
  const { byteLength, sha256 } = second;
  await assert.rejects(reading([{ ...moved, byteLength, sha256 }]), {
    ...damaged,
    message: /a seal that does not fit/,
  });

  await truncate(path, bytes.length - 1);
  await assert.rejects(reading(), damaged);
  assert.deepEqual(given, allButLast);
  await rm(path);
  await assert.rejects(reading(), damaged);
  assert.deepEqual(given, []);
});

test('acs: nothing of a contract can be read in any file of a spool', async (t) => {
  const folder = await newFolder(t);
  await write(stream(packed), folder);

  for (const file of await readdir(folder)) {
    const text = (await readFile(join(folder, file))).toString('latin1');
    for (const known of [sampleContractId(0), 'alice', 'Holding', SAMPLE_PACKAGE])
      assert.ok(!text.includes(known), `${known} in ${file}`);
  }
});

// /dev/full takes nothing, like a disk without room.
test('acs: a full disk is refused by name and leaves nothing', async (t) => {
  const folder = await newFolder(t);
  await mkdir(folder);
  await symlink('/dev/full', join(folder, 'manifest.unfinished'));
  const full = { type: 'SpoolNotWritable', kind: 'refused', message: /ENOSPC/ };
  // What was there before is removed first; it comes back while the export runs.
  const again = () =>
    void symlink('/dev/full', join(folder, 'manifest.unfinished')).catch(() => undefined);

  await assert.rejects(write(stream(packed), folder, { onSegment: again }), full);

  await assert.rejects(stat(folder), { code: 'ENOENT' });
});

test('acs: spools are listed for those who look after the disk', async (t) => {
  const folder = await newFolder(t);
  await write(stream(packed), join(folder, 'one'));
  await writeFile(join(folder, 'a file'), '');

  assert.deepEqual(await listSpools(folder), [join(folder, 'one')]);
  assert.equal(await readFile(join(folder, 'one', 'owner'), 'utf8'), 'migrate-participant/old');
  assert.deepEqual(await listSpools(join(folder, 'nothing')), []);
});

test('acs: removing a spool leaves foreign files and may be repeated', async (t) => {
  const folder = await newFolder(t);
  await write(stream(packed), folder);
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
  await assert.rejects(write(stream(packed), join(file, 'spool')), failure);
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
    const refused = write(source, folder);
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
  await assert.rejects(write(stream(pack(poison)), folder), { message });
});

test('acs: the target has to have the package that the source reads a contract with, not that of its creation', async (t) => {
  const folder = await newFolder(t);
  const there = [
    sampleRecord({ number: 1, templatePackageId: 'ab' }),
    sampleRecord({ number: 2, representativePackageId: '', templatePackageId: SAMPLE_PACKAGE }),
  ];
  assert.equal((await write(stream(pack(there)), folder)).total.contractCount, 2);
  const replaced = pack([sampleRecord({ number: 3, representativePackageId: 'ab' })]);
  await assert.rejects(write(stream(replaced), folder), { type: 'ContractPackageMissing' });
});

test('acs: an export that outgrows its limit ends there and leaves nothing', async (t) => {
  const folder = await newFolder(t);
  const { segments } = await write(stream(packed), folder);
  const last = segments.at(-1)!;
  const needed = last.position + last.byteLength;

  await write(stream(packed), folder, { limitBytes: needed });
  const grown = {
    type: 'SpoolTooLarge',
    kind: 'refused',
    message: new RegExp(`more than ${needed - 1} bytes`),
  };
  await assert.rejects(write(stream(packed), folder, { limitBytes: needed - 1 }), grown);

  await assert.rejects(stat(folder), { code: 'ENOENT' });
});

test('acs: a spool that is a link, or that others may enter, is refused', async (t) => {
  const folder = await newFolder(t);
  await mkdir(folder, { mode: 0o700 });
  const link = `${folder}-link`;
  await symlink(folder, link);
  t.after(() => rm(link, { force: true }));

  await ensurePrivate(folder);
  await assert.rejects(ensurePrivate(link), { type: 'SpoolNotPrivate', message: /a link to one/ });
  await assert.rejects(write(stream(packed), link), { type: 'SpoolNotPrivate' });
  await chmod(folder, 0o750);
  await assert.rejects(ensurePrivate(folder), { type: 'SpoolNotPrivate', message: /has mode 750/ });
});

test('acs: a place that cannot be read is no place without a link', async (t) => {
  const folder = await newFolder(t);
  await mkdir(folder);
  const file = join(folder, 'file');
  await writeFile(file, '');

  await ensureNoLink(join(folder, 'absent'));
  await assert.rejects(ensureNoLink(join(file, 'absent')), { type: 'SpoolNotWritable' });
});

// The data of another export, or a device: whatever somebody links to.
test('acs: a link at the place of the segments is not followed', async (t) => {
  const folder = await newFolder(t);
  const { segments } = await write(stream(packed), folder);
  const data = join(folder, 'segments.bin');
  await rename(data, `${folder}-moved`);
  t.after(() => rm(`${folder}-moved`, { force: true }));
  await symlink(`${folder}-moved`, data);

  await assert.rejects(recordsOf(folder, segments), { type: 'ShardDamaged', message: /ELOOP/ });
});
