import { Context } from '@temporalio/activity';

import { refused } from '../../model/failure.js';
import type { KeptReport, KeptReportPart, KeptReportRequest } from '../../model/kept-report.js';
import type { RunReport } from '../../model/report.js';
import { writeReport } from '../../report/write.js';
import type { SigningKey } from '../../report/seal.js';
import type { ReportStore } from '../../storage/report-store.js';

/** As JSON, of one part: below what Temporal takes as a payload. */
const PART_BYTES = 1_500_000;

/** Where reports are kept, and what signs them; nothing does without a key. */
export interface ReportKeeping {
  store: ReportStore;
  key?: SigningKey;
}

/** The activities that keep reports longer than Temporal remembers a migration. */
export function keptReportsActivities({ store, key }: ReportKeeping) {
  return {
    /**
     * Writes the report of the calling migration in every format, signs it and keeps it; one that was kept of the same
     * migration before is replaced. `planHash` is the one that the caller was planned with.
     */
    async keepReport({ report }: { planHash: string; report: RunReport }): Promise<void> {
      const { workflowId } = Context.current().info.workflowExecution!;
      const { outcome, sourceUid, targetUid, planHash, begunAt } = report;
      if (report.workflowId !== workflowId)
        throw refused('NotPlanned', `report: found one of ${report.workflowId}, expected ${workflowId}`);
      const keptAt = new Date().toISOString();
      const document = { writtenAt: keptAt, report };
      const told = { outcome, sourceUid, targetUid, planHash, begunAt, keptAt };
      await store.keep(
        workflowId,
        { ...told, ...(key && { signedWith: key.fingerprint }) },
        {
          text: writeReport(document, 'text', key),
          html: writeReport(document, 'html', key),
          json: writeReport(document, 'json', key),
        },
      );
    },

    /** Returns a part of a kept report. Fails with `ReportMissing` if there is none. */
    async readKeptReport(request: KeptReportRequest): Promise<KeptReportPart> {
      const { migration, format, planHash, offset } = request;
      const all = await store.list(migration);
      const kept = all.findLast((its) => its.planHash.startsWith(planHash ?? ''));
      if (!kept) throw missing(all, request);
      const text = await store.read(kept, format);
      const part = partOf(text, offset);
      const nextOffset = offset + part.length;
      return {
        kept,
        others: all
          .filter((its) => its !== kept)
          .map(({ planHash, begunAt, outcome }) => ({ planHash, begunAt, outcome })),
        text: part,
        ...(nextOffset < text.length && { nextOffset }),
      };
    },
  };
}

/** As much as fits one payload. */
function partOf(text: string, offset: number): string {
  for (let length = PART_BYTES; ; length = Math.floor(length / 2)) {
    const part = text.slice(offset, offset + length);
    if (Buffer.byteLength(JSON.stringify(part)) <= PART_BYTES) return part;
  }
}

function missing(all: readonly KeptReport[], { migration, planHash }: KeptReportRequest) {
  if (all.length === 0)
    return refused('ReportMissing', `the list store of the worker has no report of ${migration}`);
  const known = all.map((its) => `${its.planHash} of ${its.begunAt}`).join(', ');
  return refused(
    'ReportMissing',
    `the list store of the worker has no report of ${migration} with the plan hash ${planHash}: found ${known}`,
  );
}
