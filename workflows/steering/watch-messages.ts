import { defineQuery, defineUpdate } from '@temporalio/workflow';

import { describeWatch, isHolding } from '../../model/source-watch.js';
import type { WatchRecord, Migration } from '../../model/migration.js';
import type { RunReport } from '../../model/report.js';
import {
  CLOSE_UPDATE,
  PARK_UPDATE,
  REPORT_QUERY,
  type CloseInput,
  type MigrationStatus,
  type SteerInput,
} from '../../model/steering.js';
import { fieldsOf, quoted, rejection } from './edge.js';

export const report = defineQuery<RunReport | undefined>(REPORT_QUERY);
export const park = defineUpdate<MigrationStatus, [SteerInput]>(PARK_UPDATE);
export const close = defineUpdate<MigrationStatus, [CloseInput]>(CLOSE_UPDATE);

export function refusePark(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  const { parkBy } = watchOf(migration);
  if (parkBy !== undefined) throw rejection('AlreadyParking', `${parkBy} asked for it already`);
}

export function refuseClose(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  const { force } = input as { force?: unknown };
  if (force !== undefined && typeof force !== 'boolean') {
    throw rejection('InputInvalid', `force: found ${quoted(force)}, expected true or false`);
  }
  const record = watchOf(migration);
  if (record.closing) throw rejection('AlreadyClosing', `${record.closing.by} asked for it already`);
  if (record.status && !isHolding(record.status) && force !== true) {
    throw rejection('SourceNotParked', whyNotClosed(migration, record));
  }
}

export function whyNotClosed({ hashed }: Migration, { status }: WatchRecord): string {
  const found = status ? describeWatch(status) : 'the source was not read yet';
  const { name } = hashed!.plan.source;
  return `the migration is not closed: ${found}; park ${name} or stop its process first, or force it`;
}

function watchOf({ watch, state }: Migration): WatchRecord {
  if (!watch || state !== 'watching') {
    throw rejection(
      'NotWatching',
      `the migration is ${state}: there is a watch only after the cut-over`,
    );
  }
  return watch;
}
