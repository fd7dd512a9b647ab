import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';

import { compare } from '../acs/comparison.js';
import { digestExport } from '../acs/digest-stream.js';
import { CantonError } from '../canton/errors.js';
import { connectParticipant } from '../canton/index.js';
import type { RegisteredSynchronizer } from '../model/participant.js';
import type { Participant, ParticipantReads } from '../model/participant-access.js';
import { readWorkerOptions } from '../worker/options.js';
import { ratio, seconds } from './printing.js';

const CHUNK_BYTES = 2 * 1024 * 1024;
/** Contract ids in one purge; a request may have 10 MiB. */
const PURGE_AT_ONCE = 10_000;
const RETRY_MS = 500;
/** A node may be away, or busy with an import that was broken off. Source: admin-api 2.3. */
const WITHDRAWAL_LIMIT_MS = 30 * 60_000;
/** The gzip of nothing: importing it changes no contract. Source: admin-api 2.1. */
const EMPTY_SNAPSHOT = Buffer.from('1f8b08000000000000ff03000000000000000000', 'hex');
const PREFIX = /^bench-[0-9a-f]{16}$/;

/** Which participants of a worker's configuration are measured. */
export interface RealSettings {
  config: string;
  source: string;
  target: string;
  /** Aliases on each, only where a participant is registered with more than one. */
  sourceSynchronizer?: string | undefined;
  targetSynchronizer?: string | undefined;
  /** Only withdraws what a run with this prefix of workflow ids left. */
  withdraw?: string | undefined;
}

/** What ends it early, and who is told what was measured. */
interface Run {
  signal: AbortSignal;
  tell: (line: string) => void;
}

interface Place {
  node: Participant;
  parties: string[];
  synchronizer: RegisteredSynchronizer;
}

/**
 * Copies the contracts of all parties of one participant to another one by one export and one import, compares both
 * by what they export, and withdraws what it imported, however it ends. The source is only read.
 *
 * Refuses a target that is connected, or has a contract of one of the parties; changes nothing then.
 */
export async function measureReal(settings: RealSettings, run: Run): Promise<void> {
  const prefix = settings.withdraw ?? `bench-${randomBytes(8).toString('hex')}`;
  if (!PREFIX.test(prefix)) throw new Error(`--withdraw: found ${prefix}, expected bench-<16 digits>`);
  const access = accessTo(settings);
  const { source, target: changed } = access;
  try {
    const [sourceUid, targetUid] = [await source.health.readUid(), await changed().health.readUid()];
    if (sourceUid === targetUid) throw new Error(`source and target are one participant, ${sourceUid}`);
    const target: Place = {
      node: changed(targetUid),
      parties: await source.ledger.listLocalParties(),
      synchronizer: await synchronizerOf(changed(targetUid), settings.targetSynchronizer),
    };
    await requireIsolated(target.node);
    if (settings.withdraw !== undefined) return await withdraw(target, prefix, run);
    await requireNone(target);
    run.tell(`if this is killed, withdraw what it leaves: the same with --withdraw ${prefix}`);
    const from = await synchronizerOf(source, settings.sourceSynchronizer);
    await copyAndCompare({ source, from, target, prefix }, run);
  } finally {
    access.close();
  }
}

function accessTo({ config, source, target }: RealSettings) {
  const { participants } = readWorkerOptions(config);
  const open = (name: string) => {
    const its = participants.find((one) => one.name === name);
    if (its) return connectParticipant(name, its);
    throw new Error(`${config} names no participant ${name}`);
  };
  const [from, to] = [open(source), open(target)];
  return {
    source: from.reading() as ParticipantReads,
    target: (uid?: string): Participant => to.changing(uid, () => Promise.resolve()),
    close: () => {
      from.close();
      to.close();
    },
  };
}

async function copyAndCompare(
  {
    source,
    from,
    target,
    prefix,
  }: { source: ParticipantReads; from: RegisteredSynchronizer; target: Place; prefix: string },
  run: Run,
): Promise<void> {
  const { signal, tell } = run;
  const { node, parties, synchronizer } = target;
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-bench-'));
  const file = join(folder, 'export.gz');
  try {
    const offset = await source.ledger.readLedgerEnd();
    const { logicalId: synchronizerId } = from;
    const renameTo = synchronizer.logicalId;
    const renamed = renameTo === synchronizerId ? {} : { renameTo };
    const exporting = await timed(() => {
      const chunks = source.repair.exportAcs({ parties, synchronizerId, offset, ...renamed, signal });
      return pipeline(Readable.from(chunks), createWriteStream(file, { mode: 0o600 }));
    });
    const read = () => createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
    const expected = await digestExport(read(), { parties, targetSynchronizerId: renameTo });
    try {
      const importing = await timed(() =>
        node.repair.importAcs({
          ...{ chunks: read(), synchronizerId: renameTo, workflowIdPrefix: prefix },
          ...{ mode: 'validation', signal },
        }),
      );
      const end = await node.ledger.readLedgerEnd();
      const comparing = await timed(() => {
        const of = { parties, synchronizerId: renameTo, offset: end, signal };
        return digestExport(node.repair.exportAcs(of), { parties, targetSynchronizerId: renameTo });
      });
      const bare = exporting.took + importing.took;
      tell(`${expected.total.contractCount} contracts of ${parties.length} parties`);
      tell(`bare export ${seconds(exporting.took)}, bare import ${seconds(importing.took)}`);
      tell(`comparison ${seconds(comparing.took)}, by both: ${ratio(comparing.took, bare)}`);
      const { isEqual, buckets } = compare(expected, comparing.result);
      if (!isEqual) throw new Error(`the nodes differ, in ${buckets.length} of 1,024 buckets`);
      tell('both are equal');
    } finally {
      await withdraw(target, prefix, run);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; took: number }> {
  const begin = performance.now();
  const result = await work();
  return { result, took: (performance.now() - begin) / 1000 };
}

/** Purges what was imported under this prefix, and reads that nothing of it is left; tries again while that may help. */
async function withdraw(target: Place, prefix: string, { tell }: Run): Promise<void> {
  for (const deadline = Date.now() + WITHDRAWAL_LIMIT_MS; ; await setTimeout(RETRY_MS)) {
    try {
      tell(`withdrawn: ${await withdrawOnce(target, prefix)} contracts`);
      return;
    } catch (error) {
      const mayPass = error instanceof CantonError && error.kind === 'transient';
      if (mayPass && Date.now() < deadline) continue;
      const message = `what ${prefix} imported is on ${target.node.name}: repeat with --withdraw ${prefix}`;
      throw new Error(`${message}: ${(error as Error).message}`, { cause: error });
    }
  }
}

async function withdrawOnce(target: Place, prefix: string): Promise<number> {
  const { node, synchronizer } = target;
  // Refused while an import runs, which a purge would break: one that was broken off may still commit.
  await node.repair.importAcs({
    chunks: Readable.from([EMPTY_SNAPSHOT]) as AsyncIterable<Buffer>,
    synchronizerId: synchronizer.logicalId,
    workflowIdPrefix: 'bench-probe',
    mode: 'validation',
  });
  let count = 0;
  for await (const contractIds of batches(importedBy(target, prefix))) {
    await requireIsolated(node);
    await node.repair.purgeContracts(synchronizer.alias, contractIds);
    count += contractIds.length;
  }
  for await (const contractId of importedBy(target, prefix)) throw new Error(`found ${contractId}`);
  return count;
}

async function* importedBy(target: Place, prefix: string): AsyncGenerator<string, void, undefined> {
  for await (const contract of contractsOn(target))
    if (contract.workflowId.startsWith(`${prefix}-`)) yield contract.contractId;
}

async function* contractsOn({ node, parties }: Place) {
  const offset = await node.ledger.readLedgerEnd();
  if (offset === '0' || parties.length === 0) return;
  for await (const entries of node.ledger.scanActiveContracts({ parties, offset }))
    for (const entry of entries) if ('contractId' in entry) yield entry;
}

async function* batches(ids: AsyncIterable<string>): AsyncGenerator<string[], void, undefined> {
  let batch: string[] = [];
  for await (const id of ids) {
    if (batch.push(id) < PURGE_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function requireNone(target: Place): Promise<void> {
  for await (const { contractId } of contractsOn(target))
    throw new Error(`${target.node.name} has contracts of the parties already, such as ${contractId}`);
}

async function requireIsolated({ name, synchronizers }: ParticipantReads): Promise<void> {
  for (const { alias, isConnected, isManualConnect } of await synchronizers.listRegistered()) {
    if (isConnected) throw new Error(`${name} is connected to ${alias}: disconnect it`);
    if (!isManualConnect) throw new Error(`${name} connects to ${alias} by itself: set manual connect`);
  }
}

async function synchronizerOf(
  { name, synchronizers }: ParticipantReads,
  alias: string | undefined,
): Promise<RegisteredSynchronizer> {
  const registered = await synchronizers.listRegistered();
  const found = registered.filter((its) => alias === undefined || its.alias === alias);
  if (found.length === 1 && found[0]) return found[0];
  const aliases = registered.map((its) => its.alias).join(', ');
  throw new Error(`${name}: found the synchronizers ${aliases}; name one of them by its alias`);
}
