import type { RunReport } from '../model/report.js';

/** A report with what it is as a document. */
export interface ReportDocument {
  /** RFC 3339. */
  writtenAt: string;
  report: RunReport;
  /** Why nothing signed it, if the reason is not that there is no key. */
  unsignedBecause?: string;
}

/** How it ended, in a few words. */
export function outcomeOf({ outcome, standing }: RunReport): string {
  if (outcome === 'migrated') return 'migrated and verified';
  if (outcome === 'aborted') return 'aborted, and taken back';
  if (standing?.ended !== undefined) return standing.ended;
  return `so far: ${standing?.state ?? 'under way'} in ${standing?.stage ?? 'its plan'}`;
}
