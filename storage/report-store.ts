import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';

import { REPORT_FORMATS, type KeptReport, type ReportFormat } from '../model/kept-report.js';
import { contentOf, UnusableList, type BlobStore } from './list-store.js';

/** Of one source: more than anybody migrates there and back. The oldest are not listed any more. */
const MOST_KEPT = 100;

/**
 * Keeps the reports of migrations where the long lists are, for as long as that store does: a list of them by the
 * workflow id, which follows from the uid of the source, and each file by its SHA-256.
 */
export class ReportStore {
  constructor(private readonly blobs: BlobStore) {}

  /** Adds a report, or replaces the earlier one of the same migration. Safe to repeat; one migration at a time. */
  async keep(
    migration: string,
    told: Omit<KeptReport, 'files'>,
    texts: Record<ReportFormat, string>,
  ): Promise<KeptReport> {
    const files = await Promise.all(
      REPORT_FORMATS.map(async (format) => {
        const bytes = Buffer.from(texts[format]);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        await this.blobs.put(fileOf(sha256), contentOf(bytes));
        return [format, { sha256, byteLength: bytes.length }] as const;
      }),
    );
    const kept: KeptReport = { ...told, files: Object.fromEntries(files) as KeptReport['files'] };
    const others = (await this.list(migration)).filter((its) => !isSame(its, kept));
    const all = [...others, kept].slice(-MOST_KEPT);
    await this.blobs.put(nameOf(migration), contentOf(Buffer.from(JSON.stringify(all))));
    return kept;
  }

  /** The reports of the migrations of one source, the oldest first. */
  async list(migration: string): Promise<KeptReport[]> {
    const content = await this.blobs.get(nameOf(migration));
    if (!content) return [];
    try {
      return JSON.parse((await buffer(content)).toString()) as KeptReport[];
    } catch (error) {
      if (error instanceof UnusableList) throw error;
      throw damaged(`the list of reports of ${migration}`);
    }
  }

  /** Fails if the file is not in the store, or not as it was kept. */
  async read({ files }: KeptReport, format: ReportFormat): Promise<string> {
    const { sha256 } = files[format];
    const content = await this.blobs.get(fileOf(sha256));
    const bytes = content && (await buffer(content));
    if (!bytes || createHash('sha256').update(bytes).digest('hex') !== sha256)
      throw damaged(`the report ${sha256}`);
    return bytes.toString();
  }
}

/** Whoever removes lists that are not needed any more can tell these from them. */
function fileOf(sha256: string): string {
  return `report-${sha256}`;
}

function nameOf(migration: string): string {
  return `reports-${createHash('sha256').update(migration).digest('hex')}`;
}

function isSame(one: KeptReport, other: KeptReport): boolean {
  return one.begunAt === other.begunAt && one.planHash === other.planHash;
}

function damaged(what: string): UnusableList {
  return new UnusableList(
    'ListMissing',
    `${what} is missing or damaged in the list store: expected the store that it was written to, shared by every worker`,
  );
}
