import type { RunReport } from './report.js';

/** What a report can be had as. */
export const REPORT_FORMATS = ['text', 'html', 'json'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A report that the store of the worker has: of one migration of a source. */
export interface KeptReport extends Pick<
  RunReport,
  'outcome' | 'sourceUid' | 'targetUid' | 'planHash' | 'begunAt'
> {
  /** RFC 3339. */
  keptAt: string;
  /** Fingerprint of the key that signed it; absent if none did. */
  signedWith?: string;
  files: Record<ReportFormat, KeptFile>;
}

/** Where a file is: under its SHA-256. */
export interface KeptFile {
  sha256: string;
  byteLength: number;
}

/** Asks for a part of a report that is kept. */
export interface KeptReportRequest {
  /** Workflow id. */
  migration: string;
  format: ReportFormat;
  /** Of the migration that is meant, its first characters will do; the last one of the source if left out. */
  planHash?: string;
  /** UTF-16 units before the part. */
  offset: number;
}

/** A part of a report, as large as one payload may be. */
export interface KeptReportPart {
  kept: KeptReport;
  /** Of other migrations of the same source, the oldest first. */
  others: Pick<KeptReport, 'planHash' | 'begunAt' | 'outcome'>[];
  text: string;
  /** Absent in the last part. */
  nextOffset?: number;
}
