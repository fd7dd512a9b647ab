import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { connectParticipant } from '../canton/index.js';
import type { Participant } from '../model/participant-access.js';
import type { BenchStack } from './migrating.js';

const CHUNK_BYTES = 2 * 1024 * 1024;

export interface BareTransfer {
  exportSeconds: number;
  importSeconds: number;
}

/**
 * How long one `ExportAcs` into a file and one `ImportAcs` of that file take, by plain client calls: what the
 * contracts cost without any of the tool. Nothing is split, checked, digested or compared.
 */
export async function measureBareTransfer({ sandbox, parts }: BenchStack): Promise<BareTransfer> {
  const { source: its, target: other } = sandbox.participants;
  const from = connectParticipant('source', its);
  const to = connectParticipant('target', other);
  const [source, target] = [unfenced(from), unfenced(to)];
  try {
    await provideDars(source, target);
    const [synchronizerId, renameTo] = await Promise.all([isolate(source), isolate(target)]);
    const file = join(parts.folder, 'bare.gz');
    const request = {
      parties: await source.ledger.listLocalParties(),
      synchronizerId,
      offset: await source.ledger.readLedgerEnd(),
      renameTo,
    };
    const begin = performance.now();
    await pipeline(Readable.from(source.repair.exportAcs(request)), createWriteStream(file));
    const exportedAt = performance.now();
    await target.repair.importAcs({
      chunks: createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>,
      synchronizerId: renameTo,
      workflowIdPrefix: 'bare',
      mode: 'validation',
    });
    return {
      exportSeconds: (exportedAt - begin) / 1000,
      importSeconds: (performance.now() - exportedAt) / 1000,
    };
  } finally {
    from.close();
    to.close();
  }
}

function unfenced({ changing }: ReturnType<typeof connectParticipant>): Participant {
  return changing(undefined, () => Promise.resolve());
}

/** Without their packages the contracts would be refused. */
export async function provideDars(source: Participant, target: Participant): Promise<void> {
  const there = new Set((await target.packages.listDars()).map(({ mainPackageId }) => mainPackageId));
  for (const dar of await source.packages.listDars()) {
    if (there.has(dar.mainPackageId)) continue;
    await target.packages.uploadDar(dar, await source.packages.readDar(dar.mainPackageId));
  }
}

/** Disconnects the one synchronizer of a sandbox's participant and returns its logical id. */
async function isolate({ name, synchronizers }: Participant): Promise<string> {
  const [registered] = await synchronizers.listRegistered();
  if (!registered) throw new Error(`${name} has no synchronizer`);
  await synchronizers.disconnect(registered.alias);
  return registered.logicalId;
}
