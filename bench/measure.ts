import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { SpoolCipher } from '../acs/cipher.js';
import { digestExport } from '../acs/digest-stream.js';
import { writeSpool } from '../acs/spool.js';
import {
  SAMPLE_PACKAGE,
  SAMPLE_SYNCHRONIZER,
  sampleExport,
  sampleParty,
  sampleRecords,
} from './sample-export.js';

/** What is measured: the engine writing a spool, the engine only digesting, or plain gunzip and gzip. */
export type Subject = 'spool' | 'digest' | 'baseline' | 'generate';

/** One run over one export in one process. */
export interface Measurement {
  subject: Subject;
  contractCount: number;
  exportBytes: number;
  seconds: number;
  /** Of all threads. */
  cpuSeconds: number;
  /** Longest time the event loop did not turn. */
  blockedMs: number;
  /** Of the whole process. */
  peakMemoryBytes: number;
}

const parties = [
  ...Array.from({ length: 7 }, (_, number) => sampleParty(`issuer-${number}`)),
  ...Array.from({ length: 101 }, (_, number) => sampleParty(`owner-${number}`)),
];

/**
 * Measures `subject` over an export that is generated beforehand and held in memory.
 *
 * With `live`, the export is generated while it is read and so never in memory: for the memory figures.
 */
export async function measure(
  subject: Subject,
  contractCount: number,
  live = false,
): Promise<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'acs-bench-'));
  const chunks = live ? sampleExport(sampleRecords(contractCount)) : await kept(contractCount);
  let exportBytes = 0;
  async function* source(): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of chunks) {
      exportBytes += chunk.length;
      yield chunk;
    }
  }

  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  const start = performance.now();
  try {
    await run(subject, source(), join(folder, 'spool'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    subject,
    contractCount,
    exportBytes,
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    blockedMs: delay.max / 1e6,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

async function kept(contractCount: number): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of sampleExport(sampleRecords(contractCount))) chunks.push(Buffer.from(chunk));
  return chunks;
}

async function run(subject: Subject, source: AsyncIterable<Buffer>, folder: string): Promise<void> {
  switch (subject) {
    case 'spool':
      await spool(source, folder);
      return;
    case 'digest':
      await digestExport(source, { parties });
      return;
    case 'baseline':
      await pipeline(source, createGunzip(), createGzip({ level: 1 }), drop);
      return;
    case 'generate':
      await drop(source);
  }
}

async function spool(source: AsyncIterable<Buffer>, folder: string): Promise<void> {
  const place = { folder, cipher: new SpoolCipher(randomBytes(32)) };
  await writeSpool(source, place, {
    key: {
      offset: '1',
      sourceUid: 'source',
      synchronizerId: SAMPLE_SYNCHRONIZER,
      partiesHash: '',
    },
    owner: '',
    segmentContracts: 500,
    onSegment: () => undefined,
    parties,
    targetSynchronizerId: SAMPLE_SYNCHRONIZER,
    packageIds: new Set([SAMPLE_PACKAGE]),
    packageVersions: new Map(),
  });
}

async function drop(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const chunk of chunks) void chunk;
}
