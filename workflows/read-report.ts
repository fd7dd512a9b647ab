import { REPORT_FORMATS, type KeptReportPart, type KeptReportRequest } from '../model/kept-report.js';
import { activitiesAfter } from './proxies.js';
import { malformedStart, quoted, refuseRequest } from './steering/edge.js';
import { endingWith } from './steering/outcome.js';

/** Returns a part of a report that the worker's store has, also of a migration that Temporal has forgotten. */
export async function readReport(request: KeptReportRequest): Promise<KeptReportPart> {
  refuseRequest(request, ['migration', 'format']);
  const { format, offset, planHash }: { format: unknown; offset?: unknown; planHash?: unknown } =
    request;
  if (!(REPORT_FORMATS as readonly unknown[]).includes(format))
    throw malformedStart(
      `format: found ${quoted(format)}, expected one of ${REPORT_FORMATS.join(', ')}`,
    );
  if (!Number.isSafeInteger(offset) || (offset as number) < 0)
    throw malformedStart(`offset: found ${quoted(offset)}, expected a whole number, 0 or more`);
  if (planHash !== undefined && typeof planHash !== 'string')
    throw malformedStart(`planHash: found ${quoted(planHash)}, expected text`);
  try {
    return await activitiesAfter(() => Promise.resolve()).readKeptReport(request);
  } catch (error) {
    throw endingWith('watch', error);
  }
}
