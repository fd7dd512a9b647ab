import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';

import type { KeptReportPart, KeptReportRequest } from '../model/kept-report.js';
import type { RunReport } from '../model/report.js';
import { READ_REPORT_WORKFLOW } from '../model/steering.js';
import { writeReport } from '../report/write.js';
import type { ListStore } from '../storage/list-store.js';
import type { ReportWish, WrittenReport } from './answers.js';
import { MigrationError, toMigrationError } from './errors.js';
import { askReport, readSnapshot } from './observe.js';
import { runWorkflow } from './run-workflow.js';

interface Asked {
  client: Client;
  taskQueue: string;
  lists: ListStore;
}

/**
 * Returns the report of a migration: of one that is under way what it says of itself, else what the worker's store has, else
 * what a migration that Temporal still knows says. Fails with `ReportMissing`.
 */
export async function readReport(asked: Asked, id: string, wish: ReportWish): Promise<WrittenReport> {
  const own = wish.planHash === undefined ? await ownReport(asked, id) : undefined;
  if (own?.outcome === 'unfinished') {
    const { standing } = own;
    const isEnded = standing?.ended !== undefined;
    return written(
      asked,
      own,
      wish,
      `the migration ${isEnded ? 'came to no end of its own' : 'is not over yet'}`,
    );
  }
  try {
    return await keptReport(asked, id, wish);
  } catch (error) {
    const known = toMigrationError(error, asked.taskQueue);
    if (!own || !(known instanceof MigrationError)) throw error;
    const why = own.notKept ?? known.message;
    return written(asked, own, wish, `the worker's store does not have it (${why})`);
  }
}

async function ownReport({ client }: Asked, id: string): Promise<RunReport | undefined> {
  try {
    const report = await askReport(client, id);
    if (!report?.standing) return report;
    // A run that was ended from outside still answers as it stood.
    const { execution, status } = await readSnapshot(client, id);
    if (execution === 'running' || !status) return report;
    const { summary: ended, next } = status;
    return { ...report, standing: { ...report.standing, next, ended } };
  } catch (error) {
    // Forgotten by Temporal, or never there: the store knows.
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

async function written(
  { lists }: Asked,
  report: RunReport,
  { format }: ReportWish,
  unsignedBecause: string,
): Promise<WrittenReport> {
  const all = (await lists.resolve(report)) as RunReport;
  const document = { writtenAt: new Date().toISOString(), unsignedBecause, report: all };
  return { text: writeReport(document, format), others: [] };
}

/** However large it is: one short workflow for each part of it. */
async function keptReport(
  { client, taskQueue }: Asked,
  migration: string,
  { format, planHash }: ReportWish,
): Promise<WrittenReport> {
  let text = '';
  let sha256: string | undefined;
  for (let offset: number | undefined = 0; ;) {
    const input: KeptReportRequest = {
      ...{ migration, format, offset },
      ...(planHash !== undefined && { planHash }),
    };
    const part: KeptReportPart = await runWorkflow<KeptReportPart>(client, {
      type: READ_REPORT_WORKFLOW,
      input,
      taskQueue,
      idStart: `read-report/${migration}`,
      staticSummary: `Read the report of ${migration}`,
    });
    const { kept, others, nextOffset } = part;
    // Kept anew while it was read, as by a close.
    if (sha256 !== undefined && kept.files[format].sha256 !== sha256) {
      [text, sha256, offset] = ['', undefined, 0];
      continue;
    }
    sha256 = kept.files[format].sha256;
    text += part.text;
    if (nextOffset === undefined) return { text, kept, others };
    offset = nextOffset;
  }
}
