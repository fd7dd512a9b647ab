import { defineQuery, defineUpdate } from '@temporalio/workflow';

import { describeFence, isHolding } from '../model/fence.js';
import type { FenceRecord, Migration } from '../model/migration.js';
import { FENCE } from '../model/phase.js';
import type { MigrationReport } from '../model/report.js';
import {
  CLOSE_UPDATE,
  PARK_UPDATE,
  REPORT_QUERY,
  type CloseInput,
  type MigrationStatus,
  type SteerInput,
} from '../model/steering.js';
import { fieldsOf, quoted, rejection } from './edge.js';

export const report = defineQuery<MigrationReport | undefined>(REPORT_QUERY);
export const park = defineUpdate<MigrationStatus, [SteerInput]>(PARK_UPDATE);
export const close = defineUpdate<MigrationStatus, [CloseInput]>(CLOSE_UPDATE);

export function refusePark(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  const { parkBy } = fenceOf(migration);
  if (parkBy !== undefined) throw rejection('AlreadyParking', `${parkBy} asked for it already`);
}

export function refuseClose(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  const { force } = input as { force?: unknown };
  if (force !== undefined && typeof force !== 'boolean') {
    throw rejection('InputInvalid', `force: found ${quoted(force)}, expected true or false`);
  }
  const record = fenceOf(migration);
  if (record.closing) throw rejection('AlreadyClosing', `${record.closing.by} asked for it already`);
  if (record.status && !isHolding(record.status) && force !== true) {
    throw rejection('SourceNotParked', whyNotClosed(migration, record));
  }
}

export function whyNotClosed({ hashed }: Migration, { status }: FenceRecord): string {
  const found = status ? describeFence(status) : 'the source was not looked at yet';
  const { name } = hashed!.plan.source;
  return `the migration is not closed: ${found}; park ${name} or stop its process first, or force it`;
}

function fenceOf({ fence, state, stage, delegatedTo }: Migration): FenceRecord {
  if (delegatedTo !== undefined)
    throw rejection('NotHere', `the migration runs as ${delegatedTo}, ask there`);
  if (!fence && stage === FENCE)
    throw rejection('NotFenced', 'the migration goes on as a new run just now: ask again in a moment');
  if (!fence || state !== 'fenced') {
    throw rejection('NotFenced', `the migration is ${state}: there is a fence only after the cut-over`);
  }
  return fence;
}
